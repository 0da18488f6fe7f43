using Weir.Compiler.Model;
using Weir.Compiler.Planning;
using Weir.Compiler.Topologies;

namespace Weir.DataPlaneTests.Fuzz;

/// <summary>Draws segments and datagrams that name a backend, nearly name one, or are cut short of it.</summary>
internal static class ServerIdTransport
{
    /// <summary>Null where no VIP there has a pool with server ids, and now and then elsewhere.</summary>
    public static byte[]? For(Draw draw, SitePlan plan, Target target, IpFields ip)
    {
        VipPlan? vip = plan.Vips.FirstOrDefault(v => v.Holds(target.Address) && v.Ports.Any(p => (byte)p.Protocol == target.Protocol && p.First <= target.Port && target.Port <= p.Last));
        if (vip is null || plan.Pools[vip.Pool] is not { } pool || pool.Backends.All(b => b.ServerId is null) || draw.Chance(10))
        {
            return null;
        }

        UInt128 server = draw.Chance(80) ? ServerNumber.Of(draw.OneOf(pool.Backends).ServerId!) : draw.UShort();
        if (target.Protocol == 6)
        {
            return pool.TcpOption is { } kind ? ServerIdFrames.Segment(ip, draw.UShort(), target.Port, Options(draw, kind, server), syn: draw.Chance(15), draw.Int(0, 40)) : null;
        }

        byte[] payload = Payload(draw, pool.Quic, server);
        payload = draw.Chance(20) ? payload[..draw.Int(0, payload.Length)] : payload;
        return ServerIdFrames.Datagram(ip, draw.UShort(), target.Port, payload);
    }

    private static byte[] Payload(Draw draw, QuicRouting? quic, UInt128 server)
    {
        byte[] id = quic switch
        {
            null => draw.Bytes(draw.Int(0, 20)),
            { Scheme: QuicScheme.Katran } => ServerIdFrames.KatranId(draw.Int(1, 3), server),
            _ => ServerIdFrames.ConnectionId(draw.OneOf(quic.Configs), server),
        };
        if (draw.Chance(15) && id.Length > 0)
        {
            id[0] = draw.Byte();
        }

        return draw.Chance(60)
            ? ServerIdFrames.ShortHeader(id, draw.Int(0, 40))
            : ServerIdFrames.LongHeader(draw.Pick<uint>(1, 1, 0x6b3343cf, 0, draw.UInt()), draw.Int(0, 3), draw.Chance(80) ? id : draw.Bytes(draw.Int(0, 25)), draw.Int(0, 40));
    }

    /// <summary>At most 40 bytes.</summary>
    private static byte[] Options(Draw draw, byte kind, UInt128 server)
    {
        List<byte> options = [];
        for (int before = draw.Int(0, 6); before > 0; before--)
        {
            options.AddRange(draw.Weighted<byte[]>((6, [1]), (3, [8, 10, .. draw.Bytes(8)]), (1, [kind, 4, 0, 0]), (1, [0]), (1, [draw.Byte(), draw.Byte()])));
        }

        options.AddRange(ServerIdFrames.Option(kind, server));
        return [.. options.TakeLast(40)];
    }
}
