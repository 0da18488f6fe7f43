using System.Collections.Immutable;
using System.Net;
using System.Net.Sockets;
using Weir.Compiler.Binding;
using Weir.Compiler.Topologies;

namespace Weir.Compiler.Checks;

/// <summary>Makes the checked topology of a bound model without errors.</summary>
internal static class TopologyBuilder
{
    public const string DefaultSeed = "weir";

    public static Topology Build(BoundTopology topology)
    {
        Policy policy = Build(topology.Policy, Policy.Default);
        return new Topology
        {
            Seed = topology.Seed?.Value ?? DefaultSeed,
            Sites = [.. topology.Sites.Select(Build).OrderBy(s => s.Name, StringComparer.Ordinal)],
            Pools = [.. topology.Pools.Select(p => Build(p, policy)).OrderBy(p => p.Name, StringComparer.Ordinal)],
            Vips = [.. topology.Vips.Select(v => Build(v, policy)).OrderBy(v => v.Name, StringComparer.Ordinal)],
            Policy = policy,
        };
    }

    private static Policy Build(BoundPolicy policy, Policy otherwise) => new(
        policy.MaxLeaving?.Value ?? otherwise.MaxLeaving,
        policy.MinimumPool?.Value ?? otherwise.MinimumPool,
        policy.MaxMoving?.Value ?? otherwise.MaxMoving);

    private static Site Build(BoundSite site) => new(site.Name, site.Span)
    {
        Hosts = [.. site.Hosts.Select(h => new Host(h.Name, h.Interface!.Value.Value, h.Span) { NatSources = Sorted(h.NatSources) }).OrderBy(h => h.Name, StringComparer.Ordinal)],
        Encapsulation = new Encapsulation(
            EffectiveEncapsulation.TypeOf(site.Encapsulations)!.Value.Value,
            EffectiveEncapsulation.SourceOf(site.Encapsulations, AddressFamily.InterNetwork)?.Value,
            EffectiveEncapsulation.SourceOf(site.Encapsulations, AddressFamily.InterNetworkV6)?.Value,
            site.Encapsulations[0].Span)
        {
            Options = EffectiveEncapsulation.OptionsOf(site.Encapsulations),
        },
        NextHopV4 = EffectiveEncapsulation.NextHopOf(site, AddressFamily.InterNetwork)?.Value,
        NextHopV6 = EffectiveEncapsulation.NextHopOf(site, AddressFamily.InterNetworkV6)?.Value,
        Mtu = site.Mtu.Value,
        Unmatched = site.Unmatched.Value,
        Limits = new Limits(site.MaxFlows.Value, site.MapMemory?.Value),
        Segments = Sorted(site.Segments),
        Decapsulate = site.Decapsulate is { } d ? new Decapsulation([.. d.Addresses.Select(a => a.Value).Distinct().Order(AddressOrder.Instance)], Sorted(d.From), d.Types) : null,
        Protected = site.Protected,
    };

    private static ImmutableArray<IPNetwork> Sorted(ImmutableArray<Located<IPNetwork>> prefixes) =>
        [.. prefixes.Select(p => p.Value).Distinct().OrderBy(p => p.BaseAddress, AddressOrder.Instance).ThenBy(p => p.PrefixLength)];

    private static EncapsulationOverride? Build(BoundEncapsulation? encapsulation) => encapsulation is null
        ? null
        : new EncapsulationOverride(
            encapsulation.Type?.Value,
            encapsulation.Source(AddressFamily.InterNetwork)?.Value,
            encapsulation.Source(AddressFamily.InterNetworkV6)?.Value,
            encapsulation.Span)
        {
            Options = encapsulation.Options.Aggregate(EncapsulationOptions.None, (options, option) => option.Set(options)),
        };

    private static Pool Build(BoundPool pool, Policy policy) => new(pool.Name, pool.Span)
    {
        Capacity = pool.Capacity?.Value ?? PoolChecks.CapacityFor(pool.Backends.Length),
        Backends = [.. pool.Backends.Select(Build).OrderBy(b => b.Name, StringComparer.Ordinal)],
        Algorithm = pool.Algorithm,
        Prefer = pool.Prefer?.Value ?? Preference.Any,
        Encapsulation = Build(pool.Encapsulation),
        Sites = pool.Sites.ToImmutableSortedDictionary(
            s => s.Site.Value,
            s => new PoolAtSite(s.Prefer?.Value, Build(s.Encapsulation)),
            StringComparer.Ordinal),
        Policy = Build(pool.Policy, policy),
        Quic = pool.Quic is { } quic ? Build(quic) : null,
        TcpOption = (byte?)pool.TcpOption?.Value,
        Protected = pool.Protected,
    };

    private static QuicRouting Build(BoundQuic quic) => new(
        quic.Scheme!.Value.Value,
        [.. quic.Configs.Select(c => new QuicConfig(c.Id!.Value.Value, c.ServerIdLength!.Value.Value, c.NonceLength!.Value.Value, c.KeyFile?.Value)).OrderBy(c => c.Id)]);

    private static Backend Build(BoundBackend backend) =>
        new(backend.Name!.Value.Value, backend.Address!.Value.Value, backend.Weight.Value, backend.State, backend.Span)
        {
            Site = backend.Site?.Value,
            Labels = backend.Labels,
            ServerId = backend.ServerId?.Value,
            Mac = backend.Mac?.Value,
            Port = (ushort)(backend.Port?.Value ?? 0),
            Encapsulation = Build(backend.Encapsulation),
        };

    private static Vip Build(BoundVip vip, Policy policy) => new(vip.Name, vip.Span)
    {
        Addresses = [.. vip.Addresses.Select(a => a.Value).Order(AddressOrder.Instance)],
        Ranges = [.. vip.Ranges.Select(r => r.Value).OrderBy(r => r.BaseAddress, AddressOrder.Instance)],
        Ports = [.. vip.Ports.Select(p => p.Value).OrderBy(p => p.Protocol).ThenBy(p => p.First)],
        Pool = vip.Pool!.Value.Value,
        Sites = [.. vip.Sites.Select(s => s.Site.Value).Order(StringComparer.Ordinal)],
        PoolsAtSites = vip.Sites
            .Where(s => s.Pool is { } pool && pool.Value != vip.Pool.Value.Value)
            .ToImmutableSortedDictionary(s => s.Site.Value, s => s.Pool!.Value.Value, StringComparer.Ordinal),
        Fragments = vip.Fragments?.Value ?? FragmentPolicy.Drop,
        Policy = Build(vip.Policy, policy),
        Protected = vip.Protected,
        Hash = vip.Hash,
        Sources = new SourceLists(Sorted(vip.Sources.Allow.Select(s => s.Value), s => s), Sorted(vip.Sources.Deny.Select(s => s.Value), s => s)),
        Routes = Sorted(vip.Routes.Select(r => new SourceRoute(r.Source.Value, r.Pool!.Value.Value)), r => r.Source),
    };

    private static ImmutableArray<T> Sorted<T>(IEnumerable<T> items, Func<T, IPNetwork> prefix) =>
        [.. items.OrderBy(i => prefix(i).BaseAddress, AddressOrder.Instance).ThenBy(i => prefix(i).PrefixLength)];
}
