using System.Collections.Immutable;
using System.Net.NetworkInformation;
using Weir.Applier.Apply;
using Weir.Applier.Bench;
using Weir.Applier.Build;
using Weir.Applier.Generations;
using Weir.Applier.Keys;
using Weir.Applier.Libbpf;
using Weir.Applier.State;
using Weir.Compiler.Emit;

namespace Weir.Applier.Inspect;

/// <summary>Builds and loads a bundle's program to see what it costs. Nothing is attached, pinned or kept but the built object in a cache.</summary>
public sealed class BundleInspection(HostBundle bundle, ObjectCache? cache)
{
    private const int Rounds = 30;

    private static readonly PhysicalAddress NextHop = new([0x02, 0, 0, 0, 0, 0x01]);

    /// <param name="measure">Whether to measure ns per packet, which takes seconds.</param>
    public InspectReport Run(bool measure, CancellationToken cancellation = default)
    {
        InspectReport report = new(
            InspectReport.CurrentSchema, bundle.Manifest.Site, bundle.Digest, null, null, null, MapBytes(bundle.Manifest), null, [], null);
        try
        {
            using HostKeys keys = HostKeys.Random(bundle.Plan);
            ObjectBuilder builder = new(Clang.FindAsync(cancellation: cancellation).GetAwaiter().GetResult(), cache);
            byte[] elf = builder.BuildAsync(bundle.Source, PossibleCpus.Capacity, cancellation).GetAwaiter().GetResult().Elf;
            report = report with { Instructions = ElfText.Instructions(elf) };

            ulong word = SiteData.Word(NextHop);
            using Instance scratch = new InstanceLoader(elf, bundle, keys).Load(Images(), new NextHopValues(word, word), uint.MaxValue);
            BpfProgramInfo info = scratch.Program.Info;
            report = report with { JitedBytes = info.JitedBytes, VerifiedInstructions = info.VerifiedInstructions };
            return measure ? Measured(report, builder, scratch.Program, cancellation) : report;
        }
        catch (Exception error) when (error is BuildException or BpfException or ApplierException or IOException or UnauthorizedAccessException)
        {
            return report with { Why = error.Message.Split('\n')[0] };
        }
    }

    private InspectReport Measured(InspectReport report, ObjectBuilder builder, BpfProgram program, CancellationToken cancellation)
    {
        bool fragments = bundle.Source.Span.IndexOf("SEC(\"xdp.frags\")"u8) >= 0;
        SiteBench bench = new(
            BenchObjects.HarnessAsync(builder, cancellation: cancellation).GetAwaiter().GetResult(),
            BenchObjects.FloorAsync(builder, cancellation).GetAwaiter().GetResult(),
            fragments ? BenchObjects.HarnessAsync(builder, frags: true, cancellation).GetAwaiter().GetResult() : null);
        ImmutableArray<InspectedTraffic>.Builder figures = ImmutableArray.CreateBuilder<InspectedTraffic>();
        foreach ((string name, Traffic traffic, bool encapsulates) in SiteBench.Cases(bundle.Plan).Where(one => one.Traffic.Flows == 1 << 16))
        {
            figures.Add(new InspectedTraffic(name, Math.Round(bench.Measure(program, traffic, encapsulates, Rounds, cancellation: cancellation).Ns, 1)));
        }

        return report with { NsPerPacket = figures.FirstOrDefault()?.NsPerPacket, Traffic = figures.ToImmutable() };
    }

    /// <summary>The bundle's own: a scratch instance has no backend ids of the host to keep.</summary>
    private ImmutableSortedDictionary<string, byte[]> Images() =>
        bundle.Images.ToImmutableSortedDictionary(image => image.Key, image => image.Value.ToArray(), StringComparer.Ordinal);

    private static long MapBytes(Manifest manifest) =>
        manifest.Maps.Sum(map => (long)map.Size * (map.Section.StartsWith(".bss.", StringComparison.Ordinal) ? PossibleCpus.Capacity : 1));
}
