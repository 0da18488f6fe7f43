using Weir.Compiler.Binding;
using Weir.Compiler.Diagnostics;
using Weir.Compiler.Topologies;

namespace Weir.Compiler.Checks;

/// <summary>What a pool says of single sites has an effect, and what it prefers there exists.</summary>
internal static class PreferenceChecks
{
    public static void Check(BoundTopology topology, List<Diagnostic> diagnostics)
    {
        ILookup<string, BoundPool> served = ServedPools.BySite(topology);
        HashSet<string> used = [.. served.SelectMany(s => s).Select(p => p.Name)];
        foreach (BoundSite site in topology.Sites)
        {
            foreach (BoundPool pool in served[site.Name])
            {
                CheckPreference(pool, site.Name, diagnostics);
            }
        }

        // An unused pool and an unknown site are reported by themselves.
        foreach (BoundPool pool in topology.Pools.Where(p => used.Contains(p.Name)))
        {
            diagnostics.AddRange(pool.Sites
                .Where(s => topology.SiteNames?.ContainsKey(s.Site.Value) == true && !served[s.Site.Value].Contains(pool))
                .Select(s => Diagnose.UnservedOverride(s.Site.Span, pool.Name, s.Site.Value).UsedAt(s.Site.UsedAt)));
        }
    }

    private static void CheckPreference(BoundPool pool, string site, List<Diagnostic> diagnostics)
    {
        // A preference that all pools take from the defaults is meant for those that can follow it.
        Located<Preference>? own = pool.PreferIsOwn ? pool.Prefer : null;
        if ((pool.Sites.FirstOrDefault(s => s.Site.Value == site)?.Prefer ?? own) is not { Value: var wanted } prefer
            || (!wanted.Local && wanted.Labels.IsEmpty)
            || pool.Backends.Any(b => Satisfies(b, wanted, site)))
        {
            return;
        }

        string missing = wanted.Local ? $"`site: {site}`" : $"the labels `{string.Join(", ", wanted.Labels.Select(l => $"{l.Key}: {l.Value}"))}`";
        diagnostics.Add(Diagnose.NothingPreferred(prefer.Span, pool.Name, site, missing).UsedAt(prefer.UsedAt));
    }

    private static bool Satisfies(BoundBackend backend, Preference wanted, string site) =>
        (!wanted.Local || backend.Site?.Value == site)
        && wanted.Labels.All(l => backend.Labels.TryGetValue(l.Key, out string? value) && value == l.Value);
}
