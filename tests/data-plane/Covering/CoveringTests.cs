using System.Collections.Concurrent;
using System.Collections.Immutable;
using System.Globalization;
using System.Net;
using System.Net.NetworkInformation;
using Weir.Applier.Build;
using Weir.Applier.Keys;
using Weir.Applier.Libbpf;
using Weir.Compiler;
using Weir.Compiler.Diagnostics;
using Weir.Compiler.Lowering;
using Weir.Compiler.Model;
using Weir.Compiler.Planning;
using Weir.Compiler.Sources;
using Weir.Compiler.Topologies;
using Weir.DataPlaneTests.Fuzz;
using Weir.DataPlaneTests.Harness;
using Weir.Testing;
using Xunit;

namespace Weir.DataPlaneTests.Covering;

/// <summary>Every combination of two features, in real programs: clang takes them with warnings as errors, the verifier within its budget, and packets come out as the model says.</summary>
public sealed class CoveringTests(ITestOutputHelper output)
{
    /// <summary>Instructions that the verifier may walk through.</summary>
    private const int Budget = 100_000;

    /// <summary>The same for combinations that no example has: NAT from and to both families is four programs in one. The kernel's own limit is a million (Linux 5.2).</summary>
    private const int WidestBudget = 500_000;

    private const int Packets = 300;

    private static readonly HostState Host = new(PhysicalAddress.Parse("02-00-00-00-00-AA"), PhysicalAddress.Parse("02-00-00-00-00-BB"))
    {
        NatSources = new HostNatSources("lb1", IPNetwork.Parse("10.10.8.32/31"), IPNetwork.Parse("2001:db8:a::20/127")),
        Links = ImmutableDictionary<IPAddress, PhysicalAddress>.Empty.Add(IPAddress.Parse("10.1.0.1"), PhysicalAddress.Parse("02-00-00-00-0B-01")).Add(IPAddress.Parse("fd00:1::2"), PhysicalAddress.Parse("02-00-00-00-0B-02")),
    };

    [Fact]
    public async Task Every_pair_of_features_is_verified_and_does_what_the_model_says()
    {
        IReadOnlyList<int[]> rows = CoveringArray.Of(Features.Sizes, Features.Excluded);
        ConcurrentDictionary<int, (int Verified, int Packets)> done = [];
        ObjectBuilder builder = new(await Clang.FindAsync(cancellation: TestContext.Current.CancellationToken));
        ParallelOptions parallel = new() { MaxDegreeOfParallelism = Math.Max(2, Environment.ProcessorCount), CancellationToken = TestContext.Current.CancellationToken };
        await Parallel.ForEachAsync(Enumerable.Range(0, rows.Count), parallel, async (index, cancellation) =>
        {
            try
            {
                done[index] = await RunAsync(Compile(rows[index]), index, builder, cancellation);
            }
            catch (Exception failure) when (failure is not OperationCanceledException)
            {
                throw new InvalidOperationException($"Row {index} ({Features.Text(rows[index])}): {failure.Message}", failure);
            }
        });
        foreach ((int index, (int verified, int packets)) in done.OrderByDescending(d => d.Value.Verified))
        {
            output.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{verified,7} instructions verified, {packets,4} packets: {Features.Text(rows[index])}"));
        }

        Assert.Equal(rows.Count, done.Count);
        Assert.All(done.Values, row => Assert.InRange(row.Verified, 1, WidestBudget));
    }

    public static TheoryData<string> Examples => new(Directory.EnumerateDirectories(Path.Combine(RepositoryRoot.Path, "examples")).Select(d => Path.GetFileName(d)!).Order(StringComparer.Ordinal));

    [Theory]
    [MemberData(nameof(Examples))]
    public async Task Programs_of_the_examples_are_within_the_budget(string example)
    {
        string folder = Path.Combine(RepositoryRoot.Path, "examples", example, "topology");
        SourceSet sources = SourceSet.Of([.. Directory.EnumerateFiles(folder, "*.yaml", SearchOption.AllDirectories).Order(StringComparer.Ordinal).Select(f => new SourceFile(Path.GetRelativePath(folder, f), File.ReadAllText(f)))]);
        Topology topology = TopologyCompiler.Check(sources, TestContext.Current.CancellationToken).Topology ?? throw new InvalidOperationException($"{example} has errors.");
        ObjectBuilder builder = new(await Clang.FindAsync(cancellation: TestContext.Current.CancellationToken));
        foreach (Site site in topology.Sites)
        {
            SitePlan plan = SitePlanner.Plan(topology, site.Name).Plan!;
            using ProgramUnderTest program = await ProgramUnderTest.LoadAsync(SiteLowering.Lower(plan), Host, builder, TestContext.Current.CancellationToken);
            output.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{example}, site {site.Name}: {program.Info.VerifiedInstructions} instructions verified"));
            Assert.InRange(program.Info.VerifiedInstructions, 1, Budget);
        }
    }

    private static SitePlan Compile(int[] row)
    {
        CheckResult result = CoveringArrayTests.Check(row);
        return result.Topology is { } topology
            ? SitePlanner.Plan(topology, FeatureSite.Name).Plan!
            : throw new InvalidOperationException($"refused: {string.Join("; ", result.Diagnostics.Where(d => d.Severity == Severity.Error).Select(d => $"{d.Code} {d.Message}"))}");
    }

    private static async Task<(int Verified, int Packets)> RunAsync(SitePlan plan, int index, ObjectBuilder builder, CancellationToken cancellation)
    {
        DataPlane plane = SiteLowering.Lower(plan);
        using HostKeys keys = TestKeys.Of(plan);
        HostState host = Host with { Ciphers = keys.Ciphers };
        using ProgramUnderTest program = await LoadAsync(plane, host, index, builder, cancellation);
        PacketModel model = new(plan, host);
        PacketGenerator generator = new(new Draw(4711, index), plan, index);
        byte[][] frames =
        [
            .. ProofPackets.For(plan, keys.Ciphers).Select(packet => packet.Frame.ToArray()),
            .. generator.Systematic().Select(packet => packet.Frame),
            .. Enumerable.Range(0, Packets).Select(_ => generator.Next().Frame),
        ];
        BoundThread.Run(() =>
        {
            foreach (byte[] frame in frames)
            {
                Verdict verdict = model.Process(frame, Frames.OneBuffer);
                Observation actual = program.Run(frame);
                if (actual.DifferenceFrom(verdict, CounterWatch.Expected(plane, verdict)) is string difference)
                {
                    throw new InvalidOperationException(Disagreement.Describe(difference, plan, host, frame, verdict, actual));
                }
            }

            return true;
        }, index);
        return (program.Info.VerifiedInstructions, frames.Length);
    }

    private static async Task<ProgramUnderTest> LoadAsync(DataPlane plane, HostState host, int index, ObjectBuilder builder, CancellationToken cancellation)
    {
        try
        {
            return await ProgramUnderTest.LoadAsync(plane, host, builder, cancellation);
        }
        catch (Exception refusal) when (refusal is BpfException or BuildException)
        {
            throw new InvalidOperationException(Fuzz.Refusal.Describe(refusal, plane, host, string.Create(CultureInfo.InvariantCulture, $"covering-{index}")));
        }
    }
}
