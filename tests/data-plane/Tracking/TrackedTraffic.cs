using System.Net;
using Weir.Compiler.Model;

namespace Weir.DataPlaneTests.Tracking;

/// <summary>Packets of few clients, so that flows come again: TCP with any flags, UDP, QUIC's long headers, and errors about them.</summary>
internal sealed class TrackedTraffic(Random random)
{
    private const byte Tcp = 6, Udp = 17;

    private static readonly byte[] Flags = [0x02, 0x02, 0x10, 0x10, 0x18, 0x11, 0x14, 0x04, 0x12, 0xc2, 0x00];

    private static readonly byte[][] Quic = [[0xc3, 0, 0, 0, 1], [0xd3, 0x6b, 0x33, 0x43, 0xcf], [0xe0, 0, 0, 0, 1], [0xc0, 0, 0, 0, 2], [0x83, 0, 0, 0, 1], [0x43, 0, 0, 0, 1]];

    public byte[] Next()
    {
        string net = random.Next(2) == 0 ? "203.0.113." : "2001:db8::";
        IPAddress vip = IPAddress.Parse(net + (random.Next(2) == 0 ? "10" : "20"));
        bool v6 = net.Length > 10 && net[0] == '2' && net[3] == '1';
        IPAddress client = IPAddress.Parse(v6 ? $"2001:db8:c::{random.Next(1, 4)}" : $"198.51.100.{random.Next(1, 4)}");
        (byte protocol, ushort port) = random.Next(4) switch
        {
            0 => (Udp, (ushort)53),
            1 => (Udp, (ushort)443),
            _ => (Tcp, (ushort)443),
        };
        ushort from = (ushort)random.Next(40_000, 40_016);
        IpFields ip = new(client, vip) { Extensions = v6 && random.Next(10) == 0 ? [new Extension(60, [0, 0, 1, 4, 0, 0, 0, 0])] : [], Options = !v6 && random.Next(10) == 0 ? [1, 1, 1, 1] : [] };
        if (random.Next(12) == 0)
        {
            return Error(vip, client, protocol, port, from, v6);
        }

        byte[] transport = FrameWriter.Transport(ip, protocol, from, port, random.Next(40));
        if (protocol == Tcp)
        {
            transport[13] = Flags[random.Next(Flags.Length)];
            FrameWriter.SetChecksum(ip, protocol, transport);
        }
        else if (transport.Length >= 8 + 6)
        {
            Quic[random.Next(Quic.Length)].CopyTo(transport, 8);
            FrameWriter.SetChecksum(ip, protocol, transport);
        }

        byte[] frame = FrameWriter.Frame(ip, protocol, transport);

        // A short datagram with something behind it that looks like more.
        return random.Next(8) == 0 ? [.. frame, .. Quic[0], .. new byte[20]] : frame;
    }

    /// <summary>Of a router that could not bring a packet to the client.</summary>
    private static byte[] Error(IPAddress vip, IPAddress client, byte protocol, ushort port, ushort from, bool v6)
    {
        IpFields sent = new(vip, client);
        byte[] quoted = FrameWriter.Frame(sent, protocol, FrameWriter.Transport(sent, protocol, port, from, 20))[14..];
        IpFields ip = new(IPAddress.Parse(v6 ? "2001:db8:9::1" : "198.18.0.1"), vip);
        return FrameWriter.Frame(ip, v6 ? (byte)58 : (byte)1, FrameWriter.Icmp(ip, v6 ? (byte)1 : (byte)3, 1, 0, quoted));
    }
}
