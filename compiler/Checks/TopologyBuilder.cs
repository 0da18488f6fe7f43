using System.Net.Sockets;
using Weir.Compiler.Binding;
using Weir.Compiler.Topologies;

namespace Weir.Compiler.Checks;

/// <summary>Makes the checked topology of a bound model without errors.</summary>
internal static class TopologyBuilder
{
    public const string DefaultSeed = "weir";

    public static Topology Build(BoundTopology topology) => new()
    {
        Seed = topology.Seed?.Value ?? DefaultSeed,
        Sites = [.. topology.Sites.Select(Build).OrderBy(s => s.Name, StringComparer.Ordinal)],
        Pools = [.. topology.Pools.Select(Build).OrderBy(p => p.Name, StringComparer.Ordinal)],
        Vips = [.. topology.Vips.Select(Build).OrderBy(v => v.Name, StringComparer.Ordinal)],
    };

    private static Site Build(BoundSite site) => new(site.Name, site.Span)
    {
        Hosts = [.. site.Hosts.Select(h => new Host(h.Name, h.Interface!.Value.Value, h.Span)).OrderBy(h => h.Name, StringComparer.Ordinal)],
        Encapsulation = new Encapsulation(
            EncapsulationType.Ipip,
            SourceOf(site, AddressFamily.InterNetwork),
            SourceOf(site, AddressFamily.InterNetworkV6),
            site.Encapsulation!.Value),
        NextHopV4 = NextHopOf(site, AddressFamily.InterNetwork),
        NextHopV6 = NextHopOf(site, AddressFamily.InterNetworkV6),
        Mtu = site.Mtu,
        Unmatched = site.Unmatched,
    };

    private static OuterSource? SourceOf(BoundSite site, AddressFamily family) =>
        site.Sources.Select(s => s.Value).FirstOrDefault(s => s.Address.AddressFamily == family);

    private static NextHop? NextHopOf(BoundSite site, AddressFamily family) => site.Mac is { } mac
        ? new NextHop(null, mac.Value)
        : site.Gateways.Select(g => g.Value).FirstOrDefault(g => g.AddressFamily == family) is { } gateway ? new NextHop(gateway, null) : null;

    private static Pool Build(BoundPool pool) => new(pool.Name, pool.Span)
    {
        Capacity = pool.Capacity?.Value ?? PoolChecks.CapacityFor(pool.Backends.Length),
        Backends =
        [
            .. pool.Backends
                .Select(b => new Backend(b.Name!.Value.Value, b.Address!.Value.Value, b.Weight, b.State, b.Span))
                .OrderBy(b => b.Name, StringComparer.Ordinal),
        ],
    };

    private static Vip Build(BoundVip vip) => new(vip.Name, vip.Span)
    {
        Addresses = [.. vip.Addresses.Select(a => a.Value).Order(AddressOrder.Instance)],
        Ports = [.. vip.Ports.Select(p => p.Value).OrderBy(p => p.Protocol).ThenBy(p => p.First)],
        Pool = vip.Pool!.Value.Value,
        Sites = [.. vip.Sites.Select(s => s.Value).Order(StringComparer.Ordinal)],
    };
}
