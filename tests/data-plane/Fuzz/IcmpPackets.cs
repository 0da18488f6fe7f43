using System.Net;
using Weir.Compiler.Model;
using Weir.Compiler.Planning;

namespace Weir.DataPlaneTests.Fuzz;

/// <summary>Draws ICMP messages to VIPs' addresses.</summary>
internal static class IcmpPackets
{
    /// <summary>A message of a given type with any body.</summary>
    public static byte[] OfType(Draw draw, Target target, byte type)
    {
        IpFields ip = target.FromClient(draw);
        ip = draw.Chance(15) ? HeaderChains.Add(draw, ip) : ip;
        byte code = draw.Chance(70) ? (byte)0 : draw.Byte();
        byte[] message = FrameWriter.Icmp(ip, type, code, draw.UInt(), draw.Bytes(draw.Int(0, 80)));
        if (draw.Chance(20))
        {
            // Checksums that are wrong or at the edges of one's complement.
            ushort checksum = draw.Pick<ushort>(0, 0xffff, 0x0800, 0xf7ff, draw.UShort());
            (message[2], message[3]) = ((byte)(checksum >> 8), (byte)checksum);
        }

        return Frames.Around(draw, ip, target.IcmpProtocol, message);
    }

    /// <summary>An error that quotes a packet from the VIP, or something that only looks like one.</summary>
    public static byte[] Error(Draw draw, SitePlan plan, Target target)
    {
        IpFields ip = target.FromClient(draw);
        ip = draw.Chance(10) ? HeaderChains.Add(draw, ip) : ip;
        byte type = target.IsV6 ? draw.Pick<byte>(1, 2, 3, 4) : draw.Pick<byte>(3, 11, 12);
        byte[] quote = Quote(draw, plan, target);
        return Frames.Around(draw, ip, target.IcmpProtocol, FrameWriter.Icmp(ip, type, (byte)draw.Int(0, 15), draw.UInt(), quote));
    }

    private static byte[] Quote(Draw draw, SitePlan plan, Target target)
    {
        IPAddress from = draw.Weighted(
            (85, target.Address),
            (8, Target.AddressOf(draw, draw.OneOf(plan.Vips))),
            (7, new IPAddress(draw.Bytes(target.IsV6 ? 16 : 4))));
        IPAddress to = new(draw.Bytes(from.GetAddressBytes().Length));
        ushort fragment = draw.Weighted((80, (ushort)0x4000), (6, (ushort)0x2000), (6, (ushort)0x0001), (4, (ushort)0x3fff), (4, draw.UShort()));
        IpFields ip = new(from, to, draw.Byte(), draw.Byte(), fragment);
        ip = draw.Chance(30) ? HeaderChains.Add(draw, ip) : ip;
        byte protocol = draw.Weighted((90, target.Protocol), (5, target.IcmpProtocol), (5, draw.Byte()));
        int payload = draw.Weighted((80, draw.Int(0, 40)), (20, draw.Int(0, Frames.Largest(plan) - 250)));
        byte[] quote = FrameWriter.Packet(ip, protocol, FrameWriter.Transport(ip, protocol == 6 ? (byte)6 : (byte)17, target.Port, draw.UShort(), payload));
        if (draw.Chance(10))
        {
            quote[0] = draw.Weighted((3, (byte)(quote[0] ^ 0x20)), (3, (byte)((quote[0] & 0xf0) | draw.Int(0, 15))), (2, draw.Byte()));
        }

        return draw.Chance(35) ? quote[..draw.Int(0, Math.Min(quote.Length, 140))] : quote;
    }
}
