using Weir.Compiler.Binding;

namespace Weir.Compiler.Checks;

/// <summary>Which pools the VIPs use at which site.</summary>
internal static class ServedPools
{
    /// <summary>Pools by name of the site, each once, sorted by name.</summary>
    public static ILookup<string, BoundPool> BySite(BoundTopology topology)
    {
        Dictionary<string, BoundPool> pools = topology.Pools.ToDictionary(p => p.Name, StringComparer.Ordinal);
        return topology.Vips
            .SelectMany(v => v.Sites.SelectMany(s => v.PoolsAt(s).Select(pool => (Site: s.Site.Value, Pool: pool))))
            .Where(u => pools.ContainsKey(u.Pool))
            .Distinct()
            .OrderBy(u => u.Pool, StringComparer.Ordinal)
            .ToLookup(u => u.Site, u => pools[u.Pool], StringComparer.Ordinal);
    }
}
