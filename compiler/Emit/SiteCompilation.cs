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
    /// <summary>What the bundle's manifest says; null where there is no bundle.</summary>
    public Manifest? Manifest { get; init; }

    /// <param name="site">Name of a site of the topology.</param>
    /// <param name="commit">The source commit, for provenance, or null.</param>
    /// <param name="rings">Rings of other compilations that may be used again, or null.</param>
    /// <exception cref="ArgumentException">There is no such site.</exception>
    public static SiteCompilation Compile(Topology topology, string site, string? commit, Rings.RingCache? rings = null)
    {
        (SitePlan? plan, ImmutableArray<PlanFinding> findings) = SitePlanner.Plan(topology, site, rings);
        if (plan is null)
        {
            return new SiteCompilation(null, null, null, findings);
        }

        DataPlane dataPlane = SiteLowering.Lower(plan);
        return Emit(topology, dataPlane, ProgramEmitter.Emit(dataPlane), findings, commit);
    }

    /// <summary>The compilation of another topology that says the same of this site: only the topology's digest and the provenance differ.</summary>
    public SiteCompilation Of(Topology topology, string? commit) => DataPlane is null || Bundle is null
        ? this
        : Emit(topology, DataPlane, Encoding.UTF8.GetString(Bundle.Files[Bundle.ProgramPath].AsSpan()), Findings, commit);

    private static SiteCompilation Emit(Topology topology, DataPlane dataPlane, string source, ImmutableArray<PlanFinding> findings, string? commit)
    {
        Manifest manifest = ManifestWriter.Describe(topology, dataPlane, source);
        var files = ImmutableSortedDictionary.CreateBuilder<string, ImmutableArray<byte>>(StringComparer.Ordinal);
        Add(Bundle.ProgramPath, Encoding.UTF8.GetBytes(source));
        Add(Bundle.ManifestPath, ManifestWriter.Serialize(manifest));
        Add(Bundle.ProvenancePath, Provenance.Serialize(Provenance.Of(topology, dataPlane.Plan, source, commit)));
        foreach (MapImage image in dataPlane.Images)
        {
            files.Add(image.File, image.Bytes);
        }

        return new SiteCompilation(dataPlane.Plan, dataPlane, new Bundle(files.ToImmutable()), findings) { Manifest = manifest };

        void Add(string path, byte[] bytes) => files.Add(path, ImmutableCollectionsMarshal.AsImmutableArray(bytes));
    }
}
