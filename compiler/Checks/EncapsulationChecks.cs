using Weir.Compiler.Binding;
using Weir.Compiler.Diagnostics;
using Weir.Compiler.Topologies;

namespace Weir.Compiler.Checks;

/// <summary>What is said of an encapsulation is something that its type has, and all that its type needs is said.</summary>
internal static class EncapsulationChecks
{
    /// <summary>Options of a Geneve header: 6 bits, in words of 4 bytes (RFC 8926, section 3.4).</summary>
    public const int LongestGeneveOptions = 63 * 4;

    public static void Check(BoundTopology topology, List<Diagnostic> diagnostics)
    {
        HashSet<(SourceSpan, string)> reported = [];
        SourceSpan? ofDefaults = topology.Defaults.Encapsulation?.Span;
        foreach (BoundEncapsulation said in topology.Encapsulations().DistinctBy(e => e.Span))
        {
            CheckLength(said, diagnostics);
        }

        foreach (BoundSite site in topology.Sites)
        {
            Check(site.Encapsulations, site.Span, ofDefaults, reported, diagnostics);
        }

        ILookup<string, BoundPool> used = ServedPools.BySite(topology);
        foreach (BoundSite site in topology.Sites)
        {
            foreach (BoundPool pool in used[site.Name])
            {
                foreach (BoundBackend backend in pool.Backends)
                {
                    Check(EffectiveEncapsulation.Chain(site, pool, backend), backend.Title is null ? pool.Span : backend.Span, ofDefaults, reported, diagnostics);
                }
            }
        }
    }

    /// <param name="chain">The narrowest first.</param>
    /// <param name="user">What has the encapsulation.</param>
    /// <param name="ofDefaults">What stands there holds for the types that have it, and is no error for the others.</param>
    private static void Check(IReadOnlyList<BoundEncapsulation> chain, SourceSpan user, SourceSpan? ofDefaults, HashSet<(SourceSpan, string)> reported, List<Diagnostic> diagnostics)
    {
        if (EffectiveEncapsulation.TypeOf(chain) is not { } type || !chain.All(e => e.Complete))
        {
            return;
        }

        string name = EncapsulationKeys.Name(type.Value);
        IReadOnlyList<BoundEncapsulation> holding = EffectiveEncapsulation.WithOptions(chain);
        foreach (BoundOption option in holding.Where(e => e.Span != ofDefaults).SelectMany(e => e.Options))
        {
            if (!EncapsulationKeys.Of(type.Value).Contains(option.Key) && reported.Add((option.Span, option.Key)))
            {
                diagnostics.Add(Diagnose.EncapsulationKeyOfOtherType(option.Span, option.Key, name, Having(option.Key), type.Span));
            }
        }

        foreach (string key in EncapsulationKeys.Required(type.Value))
        {
            if (!holding.Any(e => e.Options.Any(o => o.Key == key)) && reported.Add((type.Span, key)))
            {
                diagnostics.Add(Diagnose.EncapsulationKeyMissing(type.Span, name, key, user));
            }
        }
    }

    private static string Having(string key) =>
        string.Join(", ", Enum.GetValues<EncapsulationType>().Where(t => EncapsulationKeys.Of(t).Contains(key)).Select(EncapsulationKeys.Name));

    private static void CheckLength(BoundEncapsulation said, List<Diagnostic> diagnostics)
    {
        if (said.Options.FirstOrDefault(o => o.Key == "options") is not { } options)
        {
            return;
        }

        int bytes = options.Set(EncapsulationOptions.None).GeneveOptions!.Length / 2;
        if (bytes > LongestGeneveOptions)
        {
            diagnostics.Add(Diagnose.GeneveOptionsTooLong(options.Span, bytes, LongestGeneveOptions));
        }
    }
}
