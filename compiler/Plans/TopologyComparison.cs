using System.Collections.Immutable;
using Weir.Compiler.Plans.Objects;
using Weir.Compiler.Topologies;

namespace Weir.Compiler.Plans;

/// <summary>Two compiled revisions to a plan. Pure: the same arguments, the same plan.</summary>
public static class TopologyComparison
{
    /// <param name="sites">Names of the sites to look at, or null for all. The gate then speaks of these alone.</param>
    /// <param name="overrides">What the commits between and the command line allow.</param>
    public static TopologyPlan Compare(CompiledRevision before, CompiledRevision after, IReadOnlyCollection<string>? sites, ImmutableArray<GateOverride> overrides)
    {
        ObjectDiff diff = new(before.Topology, after.Topology);
        ImmutableArray<SiteChange> changes = [.. diff.Sites.Where(s => sites?.Contains(s) ?? true).AsParallel().AsOrdered().Select(s => SiteComparison.Compare(s, before, after, diff))];
        ImmutableArray<ObjectChange> elsewhere = diff.Elsewhere();
        ImmutableArray<GateFinding> findings = Gate.Evaluate(before.Topology, after.Topology, changes, diff.Renames, overrides);
        return new TopologyPlan
        {
            Base = before.Side,
            Head = after.Side,
            Sites = changes,
            Elsewhere = elsewhere,
            Counts = diff.Count([.. changes.SelectMany(s => s.Objects), .. elsewhere]),
            Findings = findings,
            UnusedOverrides = [.. overrides.Where(o => !findings.Any(f => f.Code == o.Code && f.Target == o.Target)).Distinct()],
        };
    }

    /// <summary>The plan of two revisions that state the same topology: nothing needs to be compiled to know it.</summary>
    public static TopologyPlan Unchanged(PlanSide before, PlanSide after, Topology topology, ImmutableArray<GateOverride> overrides) => new()
    {
        Base = before,
        Head = after,
        Sites = [],
        Elsewhere = [],
        Counts = new PlanCounts(0, 0, 0, ObjectDiff.Total(topology)),
        Findings = [],
        UnusedOverrides = [.. overrides.Distinct()],
    };

    /// <summary>Sites of which the two say different things, and whether anything at all differs.</summary>
    public static (ImmutableHashSet<string> Sites, bool Any) Touched(Topology before, Topology after)
    {
        ObjectDiff diff = new(before, after);
        ImmutableHashSet<string> sites = [.. diff.Sites.AsParallel().Where(s => before.Seed != after.Seed || !diff.At(s).Changes.IsEmpty)];
        return (sites, !sites.IsEmpty || !diff.Elsewhere().IsEmpty);
    }
}
