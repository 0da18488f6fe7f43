using System.Net;
using System.Net.NetworkInformation;
using Weir.Compiler.Diagnostics;
using Weir.Compiler.Lowering;
using Weir.Compiler.Planning;
using Weir.Compiler.Topologies;

namespace Weir.Benchmarks;

/// <summary>What the compiler makes of a <see cref="BenchTopology"/>.</summary>
internal static class TopologyOf
{
    public static DataPlane DataPlane(BenchTopology made)
    {
        (SitePlan? plan, _) = SitePlanner.Plan(Checked(made), BenchTopology.Site);
        return SiteLowering.Lower(plan!);
    }

    private static Topology Checked(BenchTopology made)
    {
        NextHop hop = new(null, PhysicalAddress.Parse(BenchTopology.NextHop));
        OuterSource source = new(IPAddress.Parse(made.Source), made.IPv6 ? 128 : 32);
        return new Topology
        {
            Seed = BenchTopology.Seed,
            Sites =
            [
                new Site(BenchTopology.Site, SourceSpan.None)
                {
                    Hosts = [new Host("lb1", "eth0", SourceSpan.None)],
                    Encapsulation = new Encapsulation(EncapsulationType.Ipip, made.IPv6 ? null : source, made.IPv6 ? source : null, SourceSpan.None),
                    NextHopV4 = made.IPv6 ? null : hop,
                    NextHopV6 = made.IPv6 ? hop : null,
                    Mtu = 1500,
                    Unmatched = Unmatched.Pass,
                },
            ],
            Pools = [.. Enumerable.Range(0, made.Pools).Select(pool => Pool(made, pool)).OrderBy(pool => pool.Name, StringComparer.Ordinal)],
            Vips = [.. Enumerable.Range(1, made.Vips).Select(vip => Vip(made, vip)).OrderBy(vip => vip.Name, StringComparer.Ordinal)],
        };
    }

    private static Pool Pool(BenchTopology made, int pool)
    {
        int[] numbers = [.. made.BackendsOf(pool)];
        return new Pool($"pool-{pool}", SourceSpan.None)
        {
            Capacity = (int)System.Numerics.BitOperations.RoundUpToPowerOf2((uint)Math.Max(32, 2 * numbers.Length)),
            Quic = made.Quic ? new QuicRouting(QuicScheme.QuicLb, [new QuicConfig(0, 2, 4, null)]) : null,
            Backends = [.. numbers.Select(n => new Backend($"b{n}", made.BackendAddress(n), 100, BackendState.Active, SourceSpan.None)
            {
                ServerId = made.Quic ? n.ToString("x4", System.Globalization.CultureInfo.InvariantCulture) : null,
            }).OrderBy(b => b.Name, StringComparer.Ordinal)],
        };
    }

    private static Vip Vip(BenchTopology made, int vip) => new($"vip-{vip}", SourceSpan.None)
    {
        Addresses = [made.VipAddress(vip)],
        Ports = [.. new[] { TransportProtocol.Tcp, TransportProtocol.Udp }.Select(protocol => new PortRange(protocol, BenchTopology.Port, BenchTopology.Port) { Quic = made.Quic && protocol == TransportProtocol.Udp })],
        Pool = $"pool-{vip % made.Pools}",
        Sites = [BenchTopology.Site],
    };
}
