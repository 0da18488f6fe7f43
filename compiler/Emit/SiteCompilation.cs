using System.Collections.Immutable;
using System.Runtime.InteropServices;
using System.Text;
using Weir.Compiler.Lowering;
using Weir.Compiler.Planning;
using Weir.Compiler.Topologies;

namespace Weir.Compiler.Emit;

/// <summary>From a checked topology to one site's bundle: plan, lower, emit.</summary>
/// <param name="Plan">Null, as are the two after it, where a finding forbids a plan.</param>
public sealed record SiteCompilation(SitePlan? Plan, DataPlane? DataPlane, Bundle? Bundle, ImmutableArray<PlanFinding> Findings)
{
    /// <param name="site">Name of a site of the topology.</param>
    /// <param name="commit">The source commit, for provenance, or null.</param>
    /// <exception cref="ArgumentException">There is no such site.</exception>
    public static SiteCompilation Compile(Topology topology, string site, string? commit)
    {
        (SitePlan? plan, ImmutableArray<PlanFinding> findings) = SitePlanner.Plan(topology, site);
        if (plan is null)
        {
            return new SiteCompilation(null, null, null, findings);
        }

        DataPlane dataPlane = SiteLowering.Lower(plan);
        return new SiteCompilation(plan, dataPlane, Emit(topology, dataPlane, commit), findings);
    }

    private static Bundle Emit(Topology topology, DataPlane dataPlane, string? commit)
    {
        string source = ProgramEmitter.Emit(dataPlane);
        var files = ImmutableSortedDictionary.CreateBuilder<string, ImmutableArray<byte>>(StringComparer.Ordinal);
        Add(Bundle.ProgramPath, Encoding.UTF8.GetBytes(source));
        Add(Bundle.ManifestPath, ManifestWriter.Serialize(ManifestWriter.Describe(topology, dataPlane, source)));
        Add(Bundle.ProvenancePath, Provenance.Serialize(Provenance.Of(topology, dataPlane.Plan, source, commit)));
        foreach (MapImage image in dataPlane.Images)
        {
            files.Add(image.File, image.Bytes);
        }

        return new Bundle(files.ToImmutable());

        void Add(string path, byte[] bytes) => files.Add(path, ImmutableCollectionsMarshal.AsImmutableArray(bytes));
    }
}
