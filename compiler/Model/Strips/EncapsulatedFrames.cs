using System.Buffers.Binary;
using Weir.Compiler.Topologies;

namespace Weir.Compiler.Model.Strips;

/// <summary>Writes well-formed encapsulated packets, for proofs and tests: from the RFCs' figures, and from nothing that the data plane uses.</summary>
public static class EncapsulatedFrames
{
    public const byte Ipip = 4, Ipv6 = 41, Gre = 47, Udp = 17;

    /// <summary>Every way of a type to carry an IP packet.</summary>
    public static IEnumerable<(EncapsulationType Type, string Name, byte[] Frame)> All(IpFields ip, byte[] inner)
    {
        yield return (EncapsulationType.Ipip, "ipip", FrameWriter.Frame(ip, ProtocolOf(inner), inner));
        yield return (EncapsulationType.Gre, "gre", FrameWriter.Frame(ip, Gre, GreHeader(inner, 0)));
        yield return (EncapsulationType.Gre, "gre with a key", FrameWriter.Frame(ip, Gre, GreHeader(inner, 0x2000)));
        yield return (EncapsulationType.Gre, "gre with a checksum", FrameWriter.Frame(ip, Gre, GreHeader(inner, 0x8000)));
        yield return (EncapsulationType.Gre, "gre with checksum and key", FrameWriter.Frame(ip, Gre, GreHeader(inner, 0xa000)));
        foreach ((EncapsulationType type, string name, ushort port, byte[] payload) in InUdp(inner))
        {
            yield return (type, name, FrameWriter.Frame(ip, Udp, UdpHeader(ip, port, payload, checksum: true)));
            yield return (type, $"{name} without checksum", FrameWriter.Frame(ip, Udp, UdpHeader(ip, port, payload, checksum: false)));
        }
    }

    /// <summary>What UDP carries, and to which port.</summary>
    public static IEnumerable<(EncapsulationType Type, string Name, ushort Port, byte[] Payload)> InUdp(byte[] inner)
    {
        byte[] ethernet = [2, 0, 0, 0, 0, 9, 2, 0, 0, 0, 0, 8, .. TypeOf(inner), .. inner];
        yield return (EncapsulationType.Gue, "gue 0", StripRules.DefaultGuePort, [0, ProtocolOf(inner), 0, 0, .. inner]);
        yield return (EncapsulationType.Gue, "gue 1", StripRules.DefaultGuePort, inner);
        yield return (EncapsulationType.Vxlan, "vxlan", StripRules.DefaultVxlanPort, [8, 0, 0, 0, 0, 0, 100, 0, .. ethernet]);
        yield return (EncapsulationType.Geneve, "geneve", StripRules.DefaultGenevePort, [0, 0, 0x65, 0x58, 0, 0, 100, 0, .. ethernet]);
        yield return (EncapsulationType.Geneve, "geneve with options", StripRules.DefaultGenevePort, [3, 0, 0x65, 0x58, 0, 0, 100, 0, 1, 2, 1, 1, 0, 0x11, 0x22, 0x33, 1, 2, 2, 0, .. ethernet]);
        yield return (EncapsulationType.Geneve, "geneve without ethernet", StripRules.DefaultGenevePort, [0, 0, .. TypeOf(inner), 0, 0, 100, 0, .. inner]);
    }

    /// <summary>GRE with the fields that its flags ask for (RFC 2784, RFC 2890).</summary>
    public static byte[] GreHeader(byte[] inner, ushort flags)
    {
        byte[] checksum = (flags & 0x8000) != 0 ? [0, 0, 0, 0] : [];
        byte[] key = (flags & 0x2000) != 0 ? [0, 0, 0, 17] : [];
        byte[] bytes = [(byte)(flags >> 8), (byte)flags, .. TypeOf(inner), .. checksum, .. key, .. inner];
        if (checksum.Length > 0)
        {
            BinaryPrimitives.WriteUInt16BigEndian(bytes.AsSpan(4), InternetChecksum.Of(bytes));
        }

        return bytes;
    }

    public static byte[] UdpHeader(IpFields ip, ushort port, byte[] payload, bool checksum)
    {
        byte[] bytes = [0xc0, 0x01, (byte)(port >> 8), (byte)port, 0, 0, 0, 0, .. payload];
        BinaryPrimitives.WriteUInt16BigEndian(bytes.AsSpan(4), (ushort)bytes.Length);
        if (checksum)
        {
            ulong pseudo = InternetChecksum.Sum(ip.Source.GetAddressBytes()) + InternetChecksum.Sum(ip.Destination.GetAddressBytes()) + Udp + (ulong)bytes.Length;
            ushort sum = InternetChecksum.Of(bytes, pseudo);
            BinaryPrimitives.WriteUInt16BigEndian(bytes.AsSpan(6), sum == 0 ? (ushort)0xffff : sum);
        }

        return bytes;
    }

    private static byte ProtocolOf(byte[] inner) => inner[0] >> 4 == 6 ? Ipv6 : Ipip;

    private static byte[] TypeOf(byte[] inner) => inner[0] >> 4 == 6 ? [0x86, 0xdd] : [0x08, 0x00];
}
