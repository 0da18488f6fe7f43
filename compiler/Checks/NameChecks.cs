using Weir.Compiler.Binding;
using Weir.Compiler.Diagnostics;

namespace Weir.Compiler.Checks;

/// <summary>Names that resolve to nothing, and names that nothing resolves to.</summary>
internal static class NameChecks
{
    /// <param name="complete">Whether nothing is missing from the bound model, so that "unused" can be said.</param>
    public static void Check(BoundTopology topology, bool complete, List<Diagnostic> diagnostics)
    {
        // A name that was probably meant counts as used: its misspelling is reported already.
        HashSet<string> usedPools = new(StringComparer.Ordinal);
        HashSet<string> usedSites = new(StringComparer.Ordinal);
        foreach (BoundVip vip in topology.Vips)
        {
            if (vip.Pool is { } pool && Resolve(pool, topology.PoolNames, Diagnose.UnknownPool, usedPools) is { } unknownPool)
            {
                diagnostics.Add(unknownPool);
            }

            Dictionary<string, SourceSpan> seen = new(StringComparer.Ordinal);
            foreach (Located<string> site in vip.Sites)
            {
                if (!seen.TryAdd(site.Value, site.Span))
                {
                    diagnostics.Add(Diagnose.DuplicateSite(site.Span, site.Value, seen[site.Value]));
                }
                else if (Resolve(site, topology.SiteNames, Diagnose.UnknownSite, usedSites) is { } unknownSite)
                {
                    diagnostics.Add(unknownSite);
                }
            }
        }

        if (complete)
        {
            diagnostics.AddRange(topology.Pools.Where(p => !usedPools.Contains(p.Name)).Select(p => Diagnose.UnusedPool(p.Span, p.Name)));
            diagnostics.AddRange(topology.Sites.Where(s => !usedSites.Contains(s.Name)).Select(s => Diagnose.UnusedSite(s.Span, s.Name)));
        }
    }

    private static Diagnostic? Resolve(
        Located<string> name,
        IReadOnlyDictionary<string, SourceSpan>? names,
        Func<SourceSpan, string, string?, SourceSpan, Diagnostic> unknown,
        HashSet<string> used)
    {
        if (names is null || names.ContainsKey(name.Value))
        {
            used.Add(name.Value);
            return null;
        }

        string? suggestion = Suggestion.For(name.Value, names.Keys);
        used.Add(suggestion ?? name.Value);
        return unknown(name.Span, name.Value, suggestion, suggestion is null ? SourceSpan.None : names[suggestion]);
    }
}
