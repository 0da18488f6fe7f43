using System.Net.Sockets;
using Weir.Compiler.Diagnostics;
using Weir.Compiler.Topologies;

namespace Weir.Compiler.Checks;

/// <summary>Advice about a topology that is right by the language. <see cref="LintFilter"/> decides which of it is shown.</summary>
internal static class LintChecks
{
    private const int EthernetMtu = 1500;
    private const int Skew = 10;

    public static IEnumerable<Diagnostic> Check(Topology topology)
    {
        Dictionary<string, Pool> pools = topology.Pools.ToDictionary(p => p.Name, StringComparer.Ordinal);
        ILookup<string, Pool> used = topology.Vips
            .SelectMany(v => v.Sites.SelectMany(s => v.PoolsAt(s).Select(pool => (Site: s, Pool: pools[pool]))))
            .Distinct()
            .OrderBy(u => u.Pool.Name, StringComparer.Ordinal)
            .ToLookup(u => u.Site, u => u.Pool, StringComparer.Ordinal);
        foreach (Pool pool in used.SelectMany(u => u).Distinct())
        {
            foreach (Diagnostic diagnostic in Check(pool))
            {
                yield return diagnostic;
            }
        }

        foreach (Diagnostic diagnostic in ServerIdLint.Check(topology))
        {
            yield return diagnostic;
        }

        foreach (Site site in topology.Sites)
        {
            foreach (Diagnostic diagnostic in Check(site, [.. used[site.Name]]))
            {
                yield return diagnostic;
            }
        }
    }

    private static IEnumerable<Diagnostic> Check(Pool pool)
    {
        Backend[] serving = [.. pool.Backends.Where(b => b is { State: BackendState.Active, Weight: > 0 }).OrderBy(b => b.Weight)];
        if (serving is [var single])
        {
            yield return Diagnose.SingleBackend(pool.Position, pool.Name, single.Name);
        }

        if (serving.Length > 2 && serving[serving.Length / 2].Weight is var median)
        {
            foreach (Backend backend in serving.Where(b => b.Weight > median * Skew))
            {
                yield return Diagnose.WeightSkew(backend.Position, pool.Name, backend.Name, backend.Weight, median);
            }
        }

        foreach (Backend backend in pool.Backends.Where(b => b is { State: BackendState.Active, Weight: 0 }))
        {
            yield return Diagnose.ZeroWeightBackend(backend.Position, pool.Name, backend.Name);
        }
    }

    private static IEnumerable<Diagnostic> Check(Site site, Pool[] pools)
    {
        if (site.Hosts is [var single])
        {
            yield return Diagnose.SingleHost(site.Position, site.Name, single.Name);
        }

        // The outer header has the backend's family: 20 bytes (RFC 791) or 40 (RFC 8200).
        int outer = pools.SelectMany(p => p.Backends).Select(b => b.Address.AddressFamily == AddressFamily.InterNetwork ? 20 : 40).DefaultIfEmpty().Max();
        if (site.Mtu - outer < EthernetMtu)
        {
            yield return Diagnose.MtuMargin(site.Position, site.Name, site.Mtu, site.Mtu - outer, EthernetMtu + outer);
        }
    }
}
