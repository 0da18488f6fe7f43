using System.Buffers.Binary;
using System.Net;
using Weir.Compiler.Model;

namespace Weir.DataPlaneTests.Strips;

/// <summary>Writes encapsulated packets from the RFCs' figures, for tests to spoil.</summary>
internal static class Encapsulated
{
    public const byte Ipip = 4, Gre = 47, Ipv6 = 41, Udp = 17;

    public static IpFields Outer(bool v6, byte trafficClass = 0) => v6
        ? new IpFields(IPAddress.Parse("fd00:10::7"), IPAddress.Parse("fd00:10::1"), trafficClass)
        : new IpFields(IPAddress.Parse("10.20.0.7"), IPAddress.Parse("10.10.0.1"), trafficClass);

    /// <summary>A TCP segment to a VIP.</summary>
    public static byte[] Inner(bool v6, int payload = 11, byte trafficClass = 0)
    {
        IpFields ip = v6
            ? new IpFields(IPAddress.Parse("2001:db8:c11e:47::1"), IPAddress.Parse("2001:db8::10"), trafficClass)
            : new IpFields(IPAddress.Parse("198.51.100.7"), IPAddress.Parse("203.0.113.10"), trafficClass);
        return FrameWriter.Packet(ip, 6, FrameWriter.Transport(ip, 6, 4711, 443, payload));
    }

    public static byte ProtocolOf(byte[] inner) => inner[0] >> 4 == 6 ? Ipv6 : Ipip;

    public static byte[] TypeOf(byte[] inner) => inner[0] >> 4 == 6 ? [0x86, 0xdd] : [0x08, 0x00];

    /// <summary>Every way to carry a packet: name, protocol behind the outer IP header and what it protects.</summary>
    public static IEnumerable<(string Name, byte[] Frame)> All(bool outerV6, byte[] inner, byte trafficClass = 0)
    {
        IpFields ip = Outer(outerV6, trafficClass);
        yield return ("ipip", FrameWriter.Frame(ip, ProtocolOf(inner), inner));
        yield return ("gre", FrameWriter.Frame(ip, Gre, GreHeader(inner, 0)));
        yield return ("gre with a key", FrameWriter.Frame(ip, Gre, GreHeader(inner, 0x2000)));
        yield return ("gre with a checksum", FrameWriter.Frame(ip, Gre, GreHeader(inner, 0x8000)));
        yield return ("gre with checksum and key", FrameWriter.Frame(ip, Gre, GreHeader(inner, 0xa000)));
        foreach ((string name, ushort port, byte[] payload) in InUdp(inner))
        {
            yield return (name, FrameWriter.Frame(ip, Udp, UdpHeader(ip, port, payload, checksum: true)));
            yield return ($"{name} without checksum", FrameWriter.Frame(ip, Udp, UdpHeader(ip, port, payload, checksum: false)));
        }
    }

    public static IEnumerable<(string Name, ushort Port, byte[] Payload)> InUdp(byte[] inner)
    {
        byte[] ethernet = [2, 0, 0, 0, 0, 9, 2, 0, 0, 0, 0, 8, .. TypeOf(inner), .. inner];
        yield return ("gue 0", 6080, [0, ProtocolOf(inner), 0, 0, .. inner]);
        yield return ("gue 1", 6080, inner);
        yield return ("vxlan", 4789, [8, 0, 0, 0, 0, 0, 100, 0, .. ethernet]);
        yield return ("geneve", 6081, [0, 0, 0x65, 0x58, 0, 0, 100, 0, .. ethernet]);
        yield return ("geneve with options", 6081, [3, 0, 0x65, 0x58, 0, 0, 100, 0, 1, 2, 1, 1, 0, 0x11, 0x22, 0x33, 1, 2, 2, 0, .. ethernet]);
        yield return ("geneve without ethernet", 6081, [0, 0, .. TypeOf(inner), 0, 0, 100, 0, .. inner]);
    }

    public static byte[] GreHeader(byte[] inner, ushort flags, byte[]? type = null)
    {
        byte[] checksum = (flags & 0x8000) != 0 ? [0, 0, 0, 0] : [];
        byte[] key = (flags & 0x2000) != 0 ? [0, 0, 0, 17] : [];
        byte[] bytes = [(byte)(flags >> 8), (byte)flags, .. type ?? TypeOf(inner), .. checksum, .. key, .. inner];
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
}
