using System.Collections.Immutable;
using System.Globalization;
using Weir.Compiler.Topologies;

namespace Weir.DataPlaneTests.Fuzz;

/// <summary>Gives pools server ids and what carries them, and VIPs ports with QUIC.</summary>
internal static class ServerIdGenerator
{
    public static Topology Add(Draw draw, Topology topology) => topology with
    {
        Pools = [.. topology.Pools.Select(pool => draw.Chance(70) ? WithIds(draw, pool) : pool)],
        Vips = [.. topology.Vips.Select(vip => vip with { Ports = [.. vip.Ports.Select(p => p.Protocol == TransportProtocol.Udp && draw.Chance(70) ? p with { Quic = true } : p)] })],
    };

    private static Pool WithIds(Draw draw, Pool pool)
    {
        QuicRouting? quic = draw.Weighted(
            (2, (QuicRouting?)null),
            (2, new QuicRouting(QuicScheme.Katran, [])),
            (5, new QuicRouting(QuicScheme.QuicLb, Configs(draw))));
        return pool with
        {
            Quic = quic,
            TcpOption = quic is null || draw.Chance(50) ? (byte)draw.Pick(253, 254, 100) : null,
            Backends =
            [
                .. pool.Backends.Select((backend, number) => backend with
                {
                    // Two bytes: what every config below, Katran's ids and a TCP option have room for.
                    ServerId = (number * 257 % 65_536).ToString("x4", CultureInfo.InvariantCulture),
                    State = draw.Chance(10) ? BackendState.Down : backend.State,
                }),
            ],
        };
    }

    private static ImmutableArray<QuicConfig> Configs(Draw draw)
    {
        int longest = draw.Chance(30) ? 15 : 8;
        return
        [
            .. Enumerable.Range(0, 7).Where(_ => draw.Chance(40)).DefaultIfEmpty(draw.Int(0, 6)).Select(id =>
            {
                int server = draw.Int(2, longest);
                return new QuicConfig(id, server, draw.Int(4, Math.Min(18, 19 - server)), null);
            }),
        ];
    }
}
