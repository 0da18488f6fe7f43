using System.Collections.Immutable;
using System.Net.Sockets;
using Weir.Compiler.Model;
using Weir.Compiler.Topologies;

namespace Weir.Compiler.Plans;

/// <summary>Largest packets on every way from a site's VIPs to their backends.</summary>
internal static class PathBudgets
{
    private const int TcpHeader = 20;

    public static ImmutableArray<PathBudget> Of(Topology before, Site? old, Topology after, Site? now)
    {
        HashSet<(bool InnerV6, bool OuterV6)> had = Ways(before, old);
        HashSet<(bool InnerV6, bool OuterV6)> has = ReferenceEquals(before, after) ? had : Ways(after, now);
        return
        [
            .. had.Union(has).OrderBy(w => w.OuterV6).ThenBy(w => w.InnerV6).Select(w => new PathBudget(
                $"ipip, {Family(w.InnerV6)} in {Family(w.OuterV6)}",
                w.InnerV6,
                had.Contains(w) ? Room(old!.Mtu, w.InnerV6, w.OuterV6) : null,
                has.Contains(w) ? Room(now!.Mtu, w.InnerV6, w.OuterV6) : null)),
        ];
    }

    private static HashSet<(bool InnerV6, bool OuterV6)> Ways(Topology topology, Site? site)
    {
        HashSet<(bool, bool)> ways = [];
        if (site is null)
        {
            return ways;
        }

        Dictionary<string, ImmutableArray<bool>> pools = topology.Pools.ToDictionary(
            p => p.Name, p => p.Backends.Select(b => b.Address.AddressFamily == AddressFamily.InterNetworkV6).Distinct().ToImmutableArray(), StringComparer.Ordinal);
        foreach (Vip vip in topology.Vips.Where(v => v.Sites.Contains(site.Name)))
        {
            IEnumerable<bool> inner = vip.Addresses.Select(a => a.AddressFamily).Concat(vip.Ranges.Select(r => r.BaseAddress.AddressFamily))
                .Select(f => f == AddressFamily.InterNetworkV6).Distinct();
            ways.UnionWith(inner.SelectMany(i => vip.PoolsAt(site.Name).SelectMany(pool => pools[pool]).Select(o => (i, o))));
        }

        return ways;
    }

    private static PathRoom Room(int mtu, bool innerV6, bool outerV6)
    {
        int outer = OuterHeader.Length(outerV6);
        return new PathRoom(mtu, outer, mtu - outer, mtu - outer - OuterHeader.Length(innerV6) - TcpHeader);
    }

    private static string Family(bool v6) => v6 ? "IPv6" : "IPv4";
}
