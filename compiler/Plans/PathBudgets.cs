using System.Collections.Immutable;
using System.Globalization;
using System.Net.Sockets;
using Weir.Compiler.Model;
using Weir.Compiler.Model.Nat;
using Weir.Compiler.Planning;
using Weir.Compiler.Topologies;

namespace Weir.Compiler.Plans;

/// <summary>Largest packets on every way from a site's VIPs to their backends.</summary>
internal static class PathBudgets
{
    private const int TcpHeader = 20;

    public static ImmutableArray<PathBudget> Of(Topology before, Site? old, Topology after, Site? now)
    {
        HashSet<Way> had = Ways(before, old);
        HashSet<Way> has = ReferenceEquals(before, after) ? had : Ways(after, now);
        ILookup<EncapsulationType, int> sizes = had.Union(has).Select(w => (w.Type, Beyond: w.Outer - OuterHeader.Length(w.OuterV6))).Distinct().ToLookup(w => w.Type, w => w.Beyond);
        return
        [
            .. had.Union(has).OrderBy(w => w.Type).ThenBy(w => w.OuterV6).ThenBy(w => w.InnerV6).ThenBy(w => w.Outer).Select(w => new PathBudget(
                $"{EncapsulationKeys.Name(w.Type)}{(sizes[w.Type].Count() == 1 ? "" : string.Create(CultureInfo.InvariantCulture, $" of {w.Outer} bytes"))}, {Family(w.InnerV6)} in {Family(w.OuterV6)}",
                w.InnerV6,
                had.Contains(w) ? Room(old!.Mtu, w) : null,
                has.Contains(w) ? Room(now!.Mtu, w) : null)),
        ];
    }

    private static HashSet<Way> Ways(Topology topology, Site? site)
    {
        HashSet<Way> ways = [];
        if (site is null)
        {
            return ways;
        }

        Dictionary<string, Pool> pools = topology.Pools.ToDictionary(p => p.Name, StringComparer.Ordinal);
        Dictionary<string, ImmutableArray<(EncapsulationType Type, bool V6, int Outer)>> byPool = new(StringComparer.Ordinal);
        foreach (Vip vip in topology.Vips.Where(v => v.Sites.Contains(site.Name)))
        {
            bool[] inner = [.. vip.Addresses.Select(a => a.AddressFamily).Concat(vip.Ranges.Select(r => r.BaseAddress.AddressFamily))
                .Select(f => f == AddressFamily.InterNetworkV6).Distinct()];
            foreach (string name in vip.Routes.Select(r => r.Pool).Prepend(vip.PoolAt(site.Name)).Distinct(StringComparer.Ordinal))
            {
                if (!byPool.TryGetValue(name, out ImmutableArray<(EncapsulationType Type, bool V6, int Outer)> outer))
                {
                    outer = byPool[name] = [.. pools[name].Backends.Select(b => Outer(site, pools[name], b)).Distinct()];
                }

                ways.UnionWith(inner.SelectMany(i => outer.Select(o => new Way(o.Type, i, o.V6, o.Type == EncapsulationType.Nat && o.V6 && !i ? IcmpErrorTypes.Difference : o.Outer))));
            }
        }

        return ways;
    }

    private static (EncapsulationType Type, bool V6, int Outer) Outer(Site site, Pool pool, Backend backend)
    {
        EncapsulationPlan encapsulation = EncapsulationScopes.Of(site, pool, backend);
        bool v6 = backend.Address.AddressFamily == AddressFamily.InterNetworkV6;
        return (encapsulation.Type, v6, OuterHeader.Overhead(encapsulation, v6));
    }

    private static PathRoom Room(int mtu, Way way) =>
        new(mtu, way.Outer, mtu - way.Outer, mtu - way.Outer - OuterHeader.Length(way.InnerV6) - TcpHeader);

    private static string Family(bool v6) => v6 ? "IPv6" : "IPv4";

    /// <param name="Outer">Bytes in front of the packet.</param>
    private readonly record struct Way(EncapsulationType Type, bool InnerV6, bool OuterV6, int Outer);
}
