using System.Buffers.Binary;
using System.Net;
using Weir.Compiler.Topologies;

namespace Weir.Compiler.Model.Strips;

/// <summary>The reference model of decapsulation: <c>bpf/README.md</c>, section 8. It shares nothing with the programs.</summary>
public sealed class StripModel(StripRules rules)
{
    private const byte Ipv4 = 4, Udp = 17, Ipv6 = 41, FragmentHeader = 44, Gre = 47;
    private const int UdpLength = 8, FragmentLength = 8;

    /// <summary>Sums are not verified over more bytes than this.</summary>
    private const int LongestSum = (33 * 512) - 1;

    /// <summary>RFC 6040, figure 4: by the inner field, then by the outer; -1 is a drop. Fields are 0 for not ECT, 1 for ECT(1), 2 for ECT(0), 3 for CE.</summary>
    private static readonly int[][] Ecn =
    [
        [0, 0, 0, -1],
        [1, 1, 1, 3],
        [2, 1, 2, 3],
        [3, 3, 3, 3],
    ];

    /// <summary>Takes the outer headers off a frame, once.</summary>
    /// <param name="firstBuffer">Bytes of the frame that lie in the driver's first buffer.</param>
    public StripResult Strip(ReadOnlySpan<byte> frame, int firstBuffer = int.MaxValue)
    {
        if (EthernetFrame.Read(frame) is not EthernetFrame link)
        {
            return new StripResult(StripOutcome.Not, [], 0);
        }

        ReadOnlySpan<byte> packet = frame[link.PacketAt..];
        int readable = Math.Min(frame.Length, firstBuffer) - link.PacketAt;
        StripOutcome outcome = Outer(packet, link.IsV6, readable, out StripHeader header);
        if (outcome == StripOutcome.Done)
        {
            outcome = Inner(packet[..header.End], header, readable, out int length, out byte[] inner);
            if (outcome == StripOutcome.Done)
            {
                byte[] output = [.. frame[..link.PacketAt], .. inner, .. packet[(header.At + inner.Length)..]];
                BinaryPrimitives.WriteUInt16BigEndian(output.AsSpan(link.TypeAt), header.InnerV6 ? EthernetFrame.Ipv6 : EthernetFrame.Ipv4);
                return new StripResult(StripOutcome.Done, [.. output], length);
            }
        }

        return new StripResult(outcome, [], 0);
    }

    /// <summary>Reads everything in front of the inner packet.</summary>
    private StripOutcome Outer(ReadOnlySpan<byte> packet, bool isV6, int readable, out StripHeader header)
    {
        header = default;
        int at = isV6 ? InternetHeader.Ipv6Length : (packet[0] & 0xf) * 4;
        byte protocol = isV6 ? packet[6] : packet[9];
        int fragment = isV6 ? 0 : BinaryPrimitives.ReadUInt16BigEndian(packet[6..]) & 0x3fff;
        bool isFragment = fragment != 0;
        bool isFirst = (fragment & 0x1fff) == 0;
        if (isV6 && protocol == FragmentHeader)
        {
            if (at + FragmentLength > readable)
            {
                return StripOutcome.Not;
            }

            protocol = packet[at];
            isFragment = true;
            isFirst = BinaryPrimitives.ReadUInt16BigEndian(packet[(at + 2)..]) >> 3 == 0;
            at += FragmentLength;
        }

        // Only the datagram's first part has ports.
        if (protocol == Udp && (!isFirst || at < InternetHeader.Ipv4Length || at + 4 > readable))
        {
            return StripOutcome.Not;
        }

        ushort port = protocol == Udp ? BinaryPrimitives.ReadUInt16BigEndian(packet[(at + 2)..]) : (ushort)0;
        if (TypeOf(protocol, port) is not EncapsulationType type || !IsFor(InternetHeader.Destination(packet, isV6)))
        {
            return StripOutcome.Not;
        }

        if (!MaySend(InternetHeader.Source(packet, isV6)))
        {
            return StripOutcome.Sender;
        }

        int end = isV6 ? InternetHeader.Ipv6Length + BinaryPrimitives.ReadUInt16BigEndian(packet[4..]) : BinaryPrimitives.ReadUInt16BigEndian(packet[2..]);
        if ((isV6 ? packet[0] >> 4 != 6 : packet[0] != 0x45 || end < InternetHeader.Ipv4Length) || end > packet.Length)
        {
            return StripOutcome.Malformed;
        }

        if (isFragment)
        {
            return StripOutcome.Fragment;
        }

        byte trafficClass = isV6 ? (byte)(BinaryPrimitives.ReadUInt16BigEndian(packet) >> 4) : packet[1];
        header = new StripHeader(at, end, trafficClass, InnerV6: protocol == Ipv6);
        return Between(packet, isV6, type, readable, ref header);
    }

    /// <summary>Reads what lies between the two IP headers.</summary>
    private StripOutcome Between(ReadOnlySpan<byte> packet, bool isV6, EncapsulationType type, int readable, ref StripHeader header)
    {
        if (type == EncapsulationType.Ipip)
        {
            return StripOutcome.Done;
        }

        ReadOnlySpan<byte> payload = packet[header.At..header.End];
        int held = readable - header.At;
        ulong pseudo = type == EncapsulationType.Gre
            ? 0
            : InternetChecksum.Sum(InternetHeader.Source(packet, isV6)) + InternetChecksum.Sum(InternetHeader.Destination(packet, isV6)) + Udp + (ulong)payload.Length;
        if (type == EncapsulationType.Gre)
        {
            return Take(StripTypes.Gre(payload, held), payload, held, 0, ref header);
        }

        if (payload.Length < UdpLength || held < UdpLength || BinaryPrimitives.ReadUInt16BigEndian(payload[4..]) != payload.Length)
        {
            return StripOutcome.Malformed;
        }

        if (BinaryPrimitives.ReadUInt16BigEndian(payload[6..]) == 0)
        {
            if (isV6 && !rules.ZeroChecksumV6)
            {
                return StripOutcome.Checksum;
            }
        }
        else if (!SumsUp(payload, held, pseudo))
        {
            return StripOutcome.Checksum;
        }

        ReadOnlySpan<byte> data = payload[UdpLength..];
        held -= UdpLength;
        StripType? found = type switch
        {
            EncapsulationType.Gue => StripTypes.Gue(data, held),
            EncapsulationType.Vxlan => StripTypes.Vxlan(data, held),
            _ => StripTypes.Geneve(data, held),
        };
        header = header with { At = header.At + UdpLength };
        return Take(found, data, held, 0, ref header);
    }

    private static StripOutcome Take(StripType? found, ReadOnlySpan<byte> bytes, int held, ulong sum, ref StripHeader header)
    {
        if (found is not StripType type)
        {
            return StripOutcome.Malformed;
        }

        if (type.HasChecksum && !SumsUp(bytes, held, sum))
        {
            return StripOutcome.Checksum;
        }

        header = header with { At = header.At + type.Length, InnerV6 = type.InnerV6 };
        return StripOutcome.Done;
    }

    /// <summary>The inner packet's fixed header, with the ECN field that it is to have.</summary>
    /// <param name="packet">The outer packet.</param>
    private static StripOutcome Inner(ReadOnlySpan<byte> packet, StripHeader header, int readable, out int length, out byte[] inner)
    {
        ReadOnlySpan<byte> rest = packet[header.At..];
        int needed = header.InnerV6 ? InternetHeader.Ipv6Length : InternetHeader.Ipv4Length;
        (length, inner) = (0, []);
        if (rest.Length < needed || readable - header.At < needed || rest[0] >> 4 != (header.InnerV6 ? 6 : 4))
        {
            return StripOutcome.Malformed;
        }

        length = header.InnerV6 ? needed + BinaryPrimitives.ReadUInt16BigEndian(rest[4..]) : BinaryPrimitives.ReadUInt16BigEndian(rest[2..]);
        if (length < needed || length > rest.Length)
        {
            return StripOutcome.Malformed;
        }

        inner = rest[..needed].ToArray();
        ushort first = BinaryPrimitives.ReadUInt16BigEndian(inner);
        int shift = header.InnerV6 ? 4 : 0;
        int field = Ecn[(first >> shift) & 3][header.TrafficClass & 3];
        if (field < 0)
        {
            return StripOutcome.Ecn;
        }

        ushort changed = (ushort)((first & ~(3 << shift)) | (field << shift));
        if (!header.InnerV6 && changed != first)
        {
            ushort checksum = InternetChecksum.Update(BinaryPrimitives.ReadUInt16BigEndian(inner.AsSpan(10)), first, changed);
            BinaryPrimitives.WriteUInt16BigEndian(inner.AsSpan(10), checksum);
        }

        BinaryPrimitives.WriteUInt16BigEndian(inner, changed);
        return StripOutcome.Done;
    }

    /// <summary>Whether bytes that contain their checksum add up; what is not held counts as right.</summary>
    private static bool SumsUp(ReadOnlySpan<byte> bytes, int held, ulong sum) =>
        bytes.Length > Math.Min(held, LongestSum) || InternetChecksum.Of(bytes, sum) == 0;

    private EncapsulationType? TypeOf(byte protocol, ushort port)
    {
        EncapsulationType? type = protocol switch
        {
            Ipv4 or Ipv6 => EncapsulationType.Ipip,
            Gre => EncapsulationType.Gre,
            Udp when port == rules.GuePort && rules.Types.Contains(EncapsulationType.Gue) => EncapsulationType.Gue,
            Udp when port == rules.VxlanPort && rules.Types.Contains(EncapsulationType.Vxlan) => EncapsulationType.Vxlan,
            Udp when port == rules.GenevePort => EncapsulationType.Geneve,
            _ => null,
        };
        return type is { } known && rules.Types.Contains(known) ? known : null;
    }

    private bool IsFor(ReadOnlySpan<byte> destination)
    {
        IPAddress address = new(destination);
        return rules.To is not { } addresses || addresses.Contains(address);
    }

    private bool MaySend(ReadOnlySpan<byte> source)
    {
        IPAddress address = new(source);
        return rules.From.Any(prefix => prefix.Contains(address));
    }
}

/// <param name="At">Offset in the outer packet of what comes next: in the end, of the inner packet.</param>
/// <param name="End">Bytes of the outer packet.</param>
internal readonly record struct StripHeader(int At, int End, byte TrafficClass, bool InnerV6);
