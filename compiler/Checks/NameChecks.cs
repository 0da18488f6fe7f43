using System.Collections.Immutable;
using Weir.Compiler.Binding;
using Weir.Compiler.Diagnostics;

namespace Weir.Compiler.Checks;

/// <summary>Names that resolve to nothing, and names that nothing resolves to.</summary>
internal static class NameChecks
{
    /// <param name="complete">Whether nothing is missing from the bound model, so that "unused" can be said.</param>
    public static void Check(BoundTopology topology, bool complete, List<Diagnostic> diagnostics)
    {
        foreach (BoundVip vip in topology.Vips)
        {
            if (topology.PoolNames is { } pools && vip.Pool is { } pool && !pools.ContainsKey(pool.Value))
            {
                string? suggestion = Suggestion.For(pool.Value, pools.Keys);
                diagnostics.Add(Diagnose.UnknownPool(pool.Span, pool.Value, suggestion, suggestion is null ? SourceSpan.None : pools[suggestion]));
            }

            CheckSites(vip, topology.SiteNames, diagnostics);
        }

        if (!complete)
        {
            return;
        }

        ImmutableHashSet<string> usedPools = [.. topology.Vips.Where(v => v.Pool is not null).Select(v => v.Pool!.Value.Value)];
        ImmutableHashSet<string> usedSites = [.. topology.Vips.SelectMany(v => v.Sites).Select(s => s.Value)];
        diagnostics.AddRange(topology.Pools.Where(p => !usedPools.Contains(p.Name)).Select(p => Diagnose.UnusedPool(p.Span, p.Name)));
        diagnostics.AddRange(topology.Sites.Where(s => !usedSites.Contains(s.Name)).Select(s => Diagnose.UnusedSite(s.Span, s.Name)));
    }

    private static void CheckSites(BoundVip vip, IReadOnlyDictionary<string, SourceSpan>? sites, List<Diagnostic> diagnostics)
    {
        Dictionary<string, SourceSpan> seen = new(StringComparer.Ordinal);
        foreach (Located<string> site in vip.Sites)
        {
            if (!seen.TryAdd(site.Value, site.Span))
            {
                diagnostics.Add(Diagnose.DuplicateSite(site.Span, site.Value, seen[site.Value]));
            }
            else if (sites is not null && !sites.ContainsKey(site.Value))
            {
                string? suggestion = Suggestion.For(site.Value, sites.Keys);
                diagnostics.Add(Diagnose.UnknownSite(site.Span, site.Value, suggestion, suggestion is null ? SourceSpan.None : sites[suggestion]));
            }
        }
    }
}
