using System.Buffers.Binary;
using Weir.Compiler.Planning;
using Weir.Compiler.Topologies;

namespace Weir.Compiler.Model;

/// <summary>What lies between the outer IP header and the inner packet: <c>bpf/README.md</c>, section 3, rule 5.</summary>
public static class TunnelHeader
{
    private const int Udp = 8;
    private const byte UdpProtocol = 17;
    private const byte GreProtocol = 47;
    private const ushort Bridging = 0x6558;

    /// <summary>Bytes of it; 0 for IP in IP.</summary>
    public static int Length(EncapsulationPlan encapsulation)
    {
        EncapsulationOptions options = encapsulation.Options;
        return encapsulation.Type switch
        {
            EncapsulationType.Gre => 4 + (options.Checksum == true ? 4 : 0) + (options.Key is null ? 0 : 4),
            EncapsulationType.Gue => Udp + (options.Variant == 1 ? 0 : 4),
            EncapsulationType.Vxlan => Udp + 8 + EthernetFrame.HeaderLength,
            EncapsulationType.Geneve => Udp + 8 + (GeneveOptions(options).Length) + EthernetFrame.HeaderLength,
            _ => 0,
        };
    }

    /// <summary>What the outer IP header says of its payload.</summary>
    public static byte Protocol(EncapsulationType type, bool innerV6) => type switch
    {
        EncapsulationType.Gre => GreProtocol,
        EncapsulationType.Gue or EncapsulationType.Vxlan or EncapsulationType.Geneve => UdpProtocol,
        _ => (byte)(innerV6 ? 41 : 4),
    };

    /// <param name="at">As long as <see cref="Length"/> says, and behind it the inner packet.</param>
    /// <param name="innerLength">Bytes of the inner IP packet: the frame may have more.</param>
    /// <param name="source">Of the outer header, 4 or 16 bytes.</param>
    public static void Write(EncapsulationPlan encapsulation, Span<byte> at, int innerLength, bool innerV6, uint h2, ReadOnlySpan<byte> source, ReadOnlySpan<byte> destination)
    {
        if (encapsulation.Type == EncapsulationType.Ipip)
        {
            return;
        }

        EncapsulationOptions options = encapsulation.Options;
        int length = Length(encapsulation) + innerLength;
        ushort type = innerV6 ? EthernetFrame.Ipv6 : EthernetFrame.Ipv4;
        Span<byte> payload = at[Udp..];
        switch (encapsulation.Type)
        {
            case EncapsulationType.Gre:
                WriteGre(options, at[..length], type, innerLength);
                return;
            case EncapsulationType.Gue when options.Variant != 1:
                payload[1] = (byte)(innerV6 ? 41 : 4);
                break;
            case EncapsulationType.Vxlan: // RFC 7348, section 5
                payload[0] = 0x08;
                BinaryPrimitives.WriteUInt32BigEndian(payload[4..], (uint)options.Vni!.Value << 8);
                WriteEthernet(options, payload[8..], type);
                break;
            case EncapsulationType.Geneve: // RFC 8926, section 3.4
                byte[] tlvs = GeneveOptions(options);
                payload[0] = (byte)(tlvs.Length / 4);
                payload[1] = (byte)(IsCritical(tlvs) ? 0x40 : 0);
                BinaryPrimitives.WriteUInt16BigEndian(payload[2..], Bridging);
                BinaryPrimitives.WriteUInt32BigEndian(payload[4..], (uint)options.Vni!.Value << 8);
                tlvs.CopyTo(payload[8..]);
                WriteEthernet(options, payload[(8 + tlvs.Length)..], type);
                break;
        }

        BinaryPrimitives.WriteUInt16BigEndian(at, (ushort)(0xc000 | (h2 >> 18)));
        BinaryPrimitives.WriteUInt16BigEndian(at[2..], options.Port!.Value);
        BinaryPrimitives.WriteUInt16BigEndian(at[4..], checked((ushort)length));
        bool outerV6 = source.Length == 16;
        if (options.Checksum ?? outerV6)
        {
            ulong sum = InternetChecksum.Sum(source) + InternetChecksum.Sum(destination) + UdpProtocol + (ulong)length;
            sum = InternetChecksum.Sum(at[..(length - innerLength)], sum) + InnerSum.Of(at[(length - innerLength)..length], innerV6);
            ushort check = InternetChecksum.Of([], sum);
            BinaryPrimitives.WriteUInt16BigEndian(at[6..], check == 0 ? (ushort)0xffff : check);
        }
    }

    /// <summary>RFC 2784, section 2; the key by RFC 2890.</summary>
    private static void WriteGre(EncapsulationOptions options, Span<byte> at, ushort type, int innerLength)
    {
        bool check = options.Checksum == true;
        at[0] = (byte)((check ? 0x80 : 0) | (options.Key is null ? 0 : 0x20));
        BinaryPrimitives.WriteUInt16BigEndian(at[2..], type);
        if (options.Key is { } key)
        {
            BinaryPrimitives.WriteUInt32BigEndian(at[(check ? 8 : 4)..], key);
        }

        if (check)
        {
            int header = at.Length - innerLength;
            ulong sum = InternetChecksum.Sum(at[..header]) + InnerSum.Of(at[header..], type == EthernetFrame.Ipv6);
            BinaryPrimitives.WriteUInt16BigEndian(at[4..], InternetChecksum.Of([], sum));
        }
    }

    private static void WriteEthernet(EncapsulationOptions options, Span<byte> at, ushort type)
    {
        options.InnerDestination!.GetAddressBytes().CopyTo(at);
        options.InnerSource!.GetAddressBytes().CopyTo(at[6..]);
        BinaryPrimitives.WriteUInt16BigEndian(at[12..], type);
    }

    private static byte[] GeneveOptions(EncapsulationOptions options) => Convert.FromHexString(options.GeneveOptions ?? "");

    private static bool IsCritical(ReadOnlySpan<byte> options)
    {
        for (; options.Length >= 4; options = options[(4 + (4 * (options[3] & 0x1f)))..])
        {
            if (options[2] >= 0x80)
            {
                return true;
            }
        }

        return false;
    }
}
