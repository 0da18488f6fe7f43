using System.Collections.Immutable;
using Weir.Compiler.Checks;
using Weir.Compiler.Diagnostics;
using Weir.Compiler.Emit;
using Weir.Compiler.Plans;
using Weir.Compiler.Rings;
using Weir.Compiler.Topologies;

namespace Weir.Cli;

/// <summary>Compiles what must be compiled to compare two topologies, and no more.</summary>
internal static class PlanRun
{
    /// <summary>Compiles and compares; what it costs is asked of <paramref name="costs"/> at the end.</summary>
    /// <returns>The plan, or null and why a site cannot be compiled.</returns>
    public static (TopologyPlan? Plan, ImmutableArray<Diagnostic> Findings) Compare(PlanRequest request, PlanInput input, PlanCosts costs, CancellationToken cancellation)
    {
        Topology head = input.Head.Result.Topology!;
        Topology before = input.SameFiles ? head : input.Base?.Result.Topology ?? CompiledRevision.Nothing.Topology;
        if (UnknownSites(request, before, head) is { IsEmpty: false } unknown)
        {
            return (null, unknown);
        }

        PlanSide headSide = new(request.Head ?? request.Directory, input.Head.Commit);
        PlanSide baseSide = new(request.Base, input.SameFiles ? Compiler.Sources.TopologyRevision.CommitOf(request.Directory, request.Base) : input.Base?.Commit);
        (ImmutableHashSet<string> touched, bool any) = input.SameFiles ? ([], false) : TopologyComparison.Touched(before, head);
        if (!any)
        {
            return (TopologyComparison.Unchanged(baseSide, headSide, head, input.Overrides), []);
        }

        string[] sites = [.. before.Sites.Select(s => s.Name).Union(head.Sites.Select(s => s.Name), StringComparer.Ordinal).Where(s => request.Sites.IsEmpty || request.Sites.Contains(s))];
        RingCache rings = new();
        var runs = new (SiteCompilation? Before, SiteCompilation? After)[sites.Length];
        Parallel.For(0, sites.Length, new ParallelOptions { CancellationToken = cancellation }, i =>
        {
            string site = sites[i];
            Task<SiteCompilation?> old = Task.Run(() => Compile(before, site, rings), cancellation);
            SiteCompilation? now = touched.Contains(site) ? Compile(head, site, rings) : null;
            SiteCompilation? was = old.GetAwaiter().GetResult();
            runs[i] = (was, now ?? (touched.Contains(site) ? null : was?.Of(head, null)));
        });
        ImmutableArray<Diagnostic> findings = DiagnosticOrder.Sort(
            runs.SelectMany(r => new[] { r.Before, r.After }).OfType<SiteCompilation>().Where(r => r.Plan is null).SelectMany(r => r.Findings).Select(RingChecks.Explain));
        if (!findings.IsEmpty)
        {
            return (null, findings);
        }

        CompiledRevision from = Revision(baseSide, before, r => r.Before);
        CompiledRevision to = Revision(headSide, head, r => r.After);
        return (costs.AddTo(TopologyComparison.Compare(from, to, request.Sites.IsEmpty ? null : request.Sites, input.Overrides), from, to, cancellation), []);

        CompiledRevision Revision(PlanSide side, Topology topology, Func<(SiteCompilation? Before, SiteCompilation? After), SiteCompilation?> which) => new(
            side,
            topology,
            sites.Zip(runs, (site, run) => (site, Run: which(run))).Where(r => r.Run is not null)
                .ToImmutableSortedDictionary(r => r.site, r => r.Run!, StringComparer.Ordinal));
    }

    private static SiteCompilation? Compile(Topology topology, string site, RingCache rings) =>
        topology.Sites.Any(s => s.Name == site) ? SiteCompilation.Compile(topology, site, null, rings) : null;

    private static ImmutableArray<Diagnostic> UnknownSites(PlanRequest request, Topology before, Topology head)
    {
        string[] names = [.. before.Sites.Select(s => s.Name).Union(head.Sites.Select(s => s.Name), StringComparer.Ordinal).Order(StringComparer.Ordinal)];
        return [.. request.Sites.Where(s => !names.Contains(s)).Select(s => Diagnose.SiteNotInTopology(s, names))];
    }
}
