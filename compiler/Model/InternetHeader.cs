using System.Buffers.Binary;

namespace Weir.Compiler.Model;

/// <summary>What the rules need of an IP packet's headers.</summary>
/// <param name="Length">Bytes of the IP packet, headers included.</param>
/// <param name="TrafficClass">TOS or traffic class, DSCP and ECN.</param>
/// <param name="DontFragment">Whether routers may not fragment it; always so for IPv6.</param>
/// <param name="Protocol">Of the header behind IP's; null when a routing header says that the packet is not at its destination.</param>
/// <param name="TransportAt">Offset of that header in the packet.</param>
/// <param name="HasOptions">Whether IPv4 options or IPv6 extension headers lie between.</param>
internal readonly record struct InternetHeader(bool IsV6, int Length, byte TrafficClass, bool DontFragment, byte? Protocol, int TransportAt, bool HasOptions)
{
    public const int Ipv4Length = 20;
    public const int Ipv6Length = 40;

    /// <summary>What every header begins with that we read: 8 bytes.</summary>
    public const int Begins = 8;

    public const byte Icmp = 1;
    public const byte Tcp = 6;
    public const byte Udp = 17;
    public const byte IcmpV6 = 58;

    /// <summary>Bytes of the IP packet behind IP's headers.</summary>
    public int TransportLength => Length - TransportAt;

    /// <summary>Whether this is ICMP of the packet's own family.</summary>
    public bool IsIcmp => Protocol == (IsV6 ? IcmpV6 : Icmp);

    public static ReadOnlySpan<byte> Source(ReadOnlySpan<byte> packet, bool isV6) => isV6 ? packet.Slice(8, 16) : packet.Slice(12, 4);

    public static ReadOnlySpan<byte> Destination(ReadOnlySpan<byte> packet, bool isV6) => isV6 ? packet.Slice(24, 16) : packet.Slice(16, 4);

    /// <summary>Section 2, rules 1 to 4.</summary>
    /// <param name="packet">From the IP header to the frame's end; at least the fixed header.</param>
    /// <param name="readable">How many of its bytes lie in the first buffer: a header must have its first 8 there.</param>
    /// <returns>Why the packet is dropped, or null.</returns>
    public static Reason? Read(ReadOnlySpan<byte> packet, bool isV6, int readable, out InternetHeader header)
    {
        Reason? reason = isV6 ? ReadV6(packet, readable, out header) : ReadV4(packet, out header);
        if (reason is not null)
        {
            return reason;
        }

        int least = header.Protocol switch
        {
            Tcp => 20,
            Udp => 8,
            _ => header.IsIcmp ? 8 : 0,
        };
        return header.TransportLength < least || (least > 0 && header.TransportAt + Begins > readable) ? Reason.DropMalformed : null;
    }

    private static Reason? ReadV4(ReadOnlySpan<byte> packet, out InternetHeader header)
    {
        int headerLength = (packet[0] & 0xf) * 4;
        int length = BinaryPrimitives.ReadUInt16BigEndian(packet[2..]);
        ushort fragment = BinaryPrimitives.ReadUInt16BigEndian(packet[6..]);
        header = new InternetHeader(IsV6: false, length, packet[1], (fragment & 0x4000) != 0, packet[9], headerLength, headerLength > Ipv4Length);
        if (packet[0] >> 4 != 4 || headerLength < Ipv4Length || length < headerLength || length > packet.Length)
        {
            return Reason.DropMalformed;
        }

        return (fragment & 0x3fff) != 0 ? Reason.DropFragment : null;
    }

    private static Reason? ReadV6(ReadOnlySpan<byte> packet, int readable, out InternetHeader header)
    {
        header = default;
        int length = Ipv6Length + BinaryPrimitives.ReadUInt16BigEndian(packet[4..]);
        if (packet[0] >> 4 != 6 || length > packet.Length)
        {
            return Reason.DropMalformed;
        }

        ExtensionHeaders walk = ExtensionHeaders.Walk(packet[..length], readable, firstFragments: false);
        byte trafficClass = (byte)(BinaryPrimitives.ReadUInt16BigEndian(packet) >> 4);
        byte? protocol = walk.End == WalkEnd.UnfinishedRoute ? null : walk.Protocol;
        header = new InternetHeader(IsV6: true, length, trafficClass, DontFragment: true, protocol, walk.At, walk.Count > 0);
        return walk.End switch
        {
            WalkEnd.TooMany => Reason.DropExtensions,
            WalkEnd.Truncated => Reason.DropMalformed,
            WalkEnd.Fragment => Reason.DropFragment,
            _ => null,
        };
    }
}
