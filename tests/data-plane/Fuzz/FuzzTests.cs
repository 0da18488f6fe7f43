using System.Globalization;
using Weir.Applier.Build;
using Weir.Applier.Libbpf;
using Weir.Compiler.Lowering;
using Weir.Compiler.Model;
using Weir.Compiler.Planning;
using Weir.DataPlaneTests.Harness;
using Xunit;

namespace Weir.DataPlaneTests.Fuzz;

/// <summary>Generated topologies as real programs, generated packets through them, and the model beside.</summary>
public sealed class FuzzTests(ITestOutputHelper output)
{
    [Fact]
    public async Task Programs_do_what_the_model_says()
    {
        FuzzSettings settings = FuzzSettings.Read();
        Report(string.Create(CultureInfo.InvariantCulture, $"fuzz: WEIR_FUZZ_SEED={settings.Seed:x16}, {settings.Indices.Count()} topologies, {settings.PacketsPerTopology} packets each"));
        FuzzTally tally = new();
        ObjectBuilder builder = new(await Clang.FindAsync(cancellation: TestContext.Current.CancellationToken));
        ParallelOptions parallel = new() { MaxDegreeOfParallelism = Math.Max(2, Environment.ProcessorCount), CancellationToken = TestContext.Current.CancellationToken };
        await Parallel.ForEachAsync(settings.Indices, parallel, async (index, cancellation) =>
        {
            try
            {
                await Run(settings, index, builder, tally, cancellation);
            }
            catch (Exception failure) when (failure is not OperationCanceledException)
            {
                throw new InvalidOperationException($"Replay with {settings.Replay(index)}. {failure.Message}", failure is InvalidOperationException ? null : failure);
            }
        });
        Report($"fuzz: {tally.Packets} packets: {tally}");
        if (settings.IsBroad)
        {
            Assert.Empty(tally.Missing());
        }
    }

    private static async Task Run(FuzzSettings settings, int index, ObjectBuilder builder, FuzzTally tally, CancellationToken cancellation)
    {
        Draw draw = new(settings.Seed, index);
        GeneratedSite site = SiteGenerator.Generate(draw);
        SitePlan plan = SitePlanner.Plan(site.Topology, GeneratedSite.Name).Plan ?? throw new InvalidOperationException("The planner refused the topology.");
        DataPlane plane = SiteLowering.Lower(plan);
        tally.Count(plane);
        using ProgramUnderTest program = await Load(plane, site.Host, $"{settings.Seed:x16}-{index}", builder, cancellation);

        // On one CPU, whose fragments the model follows.
        BoundThread.Run(() => Run(settings, new Subject(index, draw, site, plan, plane, program), tally, cancellation), index);
    }

    private sealed record Subject(int Index, Draw Draw, GeneratedSite Site, SitePlan Plan, DataPlane Plane, ProgramUnderTest Program);

    private static bool Run(FuzzSettings settings, Subject subject, FuzzTally tally, CancellationToken cancellation)
    {
        (int index, Draw draw, GeneratedSite site, SitePlan plan, DataPlane plane, ProgramUnderTest program) = subject;
        PacketModel model = new(plan, site.Host);
        PacketGenerator packets = new(draw, plan, index);
        IEnumerable<GeneratedFrame> frames = packets.Systematic().Concat(Enumerable.Range(0, int.MaxValue).Select(_ => packets.Next()));
        foreach (GeneratedFrame packet in frames.Take(settings.PacketsPerTopology))
        {
            cancellation.ThrowIfCancellationRequested();
            Verdict verdict = model.Process(packet.Frame, Frames.OneBuffer);
            Observation actual = program.Run(packet.Frame);
            tally.Count(packet, verdict);
            if (actual.DifferenceFrom(verdict, CounterWatch.Expected(plane, verdict)) is string difference)
            {
                throw new InvalidOperationException($"({packet.Kind}) {Disagreement.Describe(difference, plan, site.Host, packet.Frame, verdict, actual)}");
            }
        }

        return true;
    }

    private static async Task<ProgramUnderTest> Load(DataPlane plane, HostState host, string name, ObjectBuilder builder, CancellationToken cancellation)
    {
        try
        {
            return await ProgramUnderTest.LoadAsync(plane, host, builder, cancellation);
        }
        catch (Exception refusal) when (refusal is BpfException or BuildException)
        {
            throw new InvalidOperationException(Refusal.Describe(refusal, plane, host, name));
        }
    }

    private void Report(string line)
    {
        output.WriteLine(line);
        Console.Error.WriteLine(line);
    }
}
