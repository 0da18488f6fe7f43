using Weir.Compiler.Binding;
using Weir.Compiler.Diagnostics;

namespace Weir.Compiler.Checks;

/// <summary>Names that resolve to nothing, and names that nothing resolves to.</summary>
internal static class NameChecks
{
    /// <param name="complete">Whether nothing is missing from the bound model, so that "unused" can be said.</param>
    public static void Check(BoundTopology topology, bool complete, List<Diagnostic> diagnostics)
    {
        Names pools = new(topology.PoolNames, Diagnose.UnknownPool, diagnostics);
        Names sites = new(topology.SiteNames, Diagnose.UnknownSite, diagnostics);
        Names portSets = new(topology.PortSetNames, Diagnose.UnknownPortSet, diagnostics);
        foreach (BoundVip vip in topology.Vips)
        {
            pools.Resolve(vip.Pool);
            CheckSites(vip, sites, pools, diagnostics);
            foreach (BoundRoute route in vip.Routes.DistinctBy(r => r.Pool?.Span))
            {
                pools.Resolve(route.Pool);
            }

            foreach (Located<string> set in vip.PortSets)
            {
                // A protocol alone is no port set that somebody forgot.
                portSets.Resolve(PortReader.IsProtocol(set.Value) ? null : set);
            }
        }

        // A site that only backends or overrides name serves nobody.
        Names mentions = new(topology.SiteNames, Diagnose.UnknownSite, diagnostics);
        foreach (BoundPool pool in topology.Pools)
        {
            foreach (Located<string>? site in pool.Sites.Select(s => (Located<string>?)s.Site).Concat(pool.Backends.Select(b => b.Site)))
            {
                mentions.Resolve(site);
            }
        }

        diagnostics.AddRange(topology.PortSets.Where(s => PortReader.IsProtocol(s.Name)).Select(s => Diagnose.PortSetIsProtocol(s.Span, s.Name)));
        if (complete)
        {
            diagnostics.AddRange(topology.Pools.Where(p => !pools.IsUsed(p.Name)).Select(p => Diagnose.UnusedPool(p.Span, p.Name)));
            diagnostics.AddRange(topology.Sites.Where(s => !sites.IsUsed(s.Name)).Select(s => Diagnose.UnusedSite(s.Span, s.Name)));
            diagnostics.AddRange(topology.PortSets
                .Where(s => !portSets.IsUsed(s.Name) && !PortReader.IsProtocol(s.Name))
                .Select(s => Diagnose.UnusedPortSet(s.Span, s.Name)));
        }
    }

    private static void CheckSites(BoundVip vip, Names sites, Names pools, List<Diagnostic> diagnostics)
    {
        Dictionary<string, Located<string>> seen = new(StringComparer.Ordinal);
        foreach (BoundVipAtSite at in vip.Sites)
        {
            if (seen.TryAdd(at.Site.Value, at.Site))
            {
                sites.Resolve(at.Site);
            }
            else
            {
                diagnostics.Add(Diagnose.DuplicateSite(at.Site.Span, at.Site.Value, seen[at.Site.Value].Span));
            }

            pools.Resolve(at.Pool);
        }
    }

    /// <summary>The names of one kind, and which of them are used.</summary>
    private sealed class Names(
        IReadOnlyDictionary<string, SourceSpan>? names,
        Func<SourceSpan, string, string?, SourceSpan, Diagnostic> unknown,
        List<Diagnostic> diagnostics)
    {
        private readonly HashSet<string> _used = new(StringComparer.Ordinal);

        public bool IsUsed(string name) => _used.Contains(name);

        /// <summary>Reports a name that is none of them. The one that was probably meant counts as used: its misspelling is reported already.</summary>
        public void Resolve(Located<string>? reference)
        {
            if (reference is not { } name)
            {
                return;
            }

            if (names is null || names.ContainsKey(name.Value))
            {
                _used.Add(name.Value);
                return;
            }

            string? suggestion = Suggestion.For(name.Value, names.Keys);
            _used.Add(suggestion ?? name.Value);
            diagnostics.Add(unknown(name.Span, name.Value, suggestion, suggestion is null ? SourceSpan.None : names[suggestion]).UsedAt(name.UsedAt));
        }
    }
}
