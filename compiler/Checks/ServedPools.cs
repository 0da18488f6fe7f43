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
            .SelectMany(v => v.Sites.Select(s => (Site: s.Site.Value, Pool: v.PoolAt(s)?.Value)))
            .Where(u => u.Pool is not null && pools.ContainsKey(u.Pool))
            .Distinct()
            .OrderBy(u => u.Pool, StringComparer.Ordinal)
            .ToLookup(u => u.Site, u => pools[u.Pool!], StringComparer.Ordinal);
    }
}
