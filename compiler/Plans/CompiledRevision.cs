using System.Collections.Immutable;
using Weir.Compiler.Emit;
using Weir.Compiler.Topologies;

namespace Weir.Compiler.Plans;

/// <summary>A revision of a topology with what every site's compiler run made of it.</summary>
/// <param name="Sites">By name of the site; only those asked for.</param>
public sealed record CompiledRevision(PlanSide Side, Topology Topology, ImmutableSortedDictionary<string, SiteCompilation> Sites)
{
    /// <summary>No topology at all: everything else is new beside it.</summary>
    public static CompiledRevision Nothing { get; } = new(
        new PlanSide("none", null), new Topology { Seed = "", Sites = [], Pools = [], Vips = [] }, ImmutableSortedDictionary<string, SiteCompilation>.Empty);
}
