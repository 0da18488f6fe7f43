using System.Collections.Concurrent;
using System.Net.NetworkInformation;
using Weir.Applier.Build;
using Weir.Compiler.Lowering;
using Weir.Compiler.Model;
using Weir.Compiler.Planning;
using Weir.DataPlaneTests.Harness;
using Xunit;

[assembly: AssemblyFixture(typeof(Weir.DataPlaneTests.Rules.RuleBench))]

namespace Weir.DataPlaneTests.Rules;

/// <summary>Programs for hand-written site plans, each compiled and loaded once. Whatever is run on them is compared with the model too.</summary>
public sealed class RuleBench : IDisposable
{
    private readonly ConcurrentDictionary<(SitePlan Plan, HostState Host), Lazy<Task<ProgramUnderTest>>> programs = new();

    /// <summary>02:00:00:00:00:aa for IPv4, 02:00:00:00:00:bb for IPv6.</summary>
    internal static HostState Host { get; } = new(PhysicalAddress.Parse("02-00-00-00-00-AA"), PhysicalAddress.Parse("02-00-00-00-00-BB"));

    /// <summary>Runs a frame, and fails where program and model differ.</summary>
    internal async Task<(Observation Actual, Verdict Verdict)> Run(SitePlan plan, byte[] frame, HostState? host = null)
    {
        HostState state = host ?? Host;
        ProgramUnderTest program = await Program(plan, state);
        Verdict verdict = new PacketModel(plan, state).Process(frame);
        Observation actual;
        lock (program)
        {
            actual = program.Run(frame);
        }

        string? difference = actual.DifferenceFrom(verdict, CounterWatch.Expected(program.Plane, verdict));
        Assert.True(difference is null, difference is null ? null : Disagreement.Describe(difference, plan, state, frame, verdict, actual));
        return (actual, verdict);
    }

    /// <summary>Runs a frame behind metadata that takes up some of the driver's 256 bytes of headroom. The model knows nothing of that.</summary>
    internal async Task<Observation> RunBehind(int metadata, SitePlan plan, byte[] frame)
    {
        ProgramUnderTest program = await Program(plan, Host);
        lock (program)
        {
            return program.Run([.. new byte[metadata], .. frame], metadata);
        }
    }

    public void Dispose()
    {
        foreach (Lazy<Task<ProgramUnderTest>> program in programs.Values.Where(program => program.IsValueCreated && program.Value.IsCompletedSuccessfully))
        {
            program.Value.Result.Dispose();
        }
    }

    private Task<ProgramUnderTest> Program(SitePlan plan, HostState host) =>
        programs.GetOrAdd((plan, host), static key => new(() => Load(key.Plan, key.Host))).Value;

    internal static async Task<ProgramUnderTest> Load(SitePlan plan, HostState host)
    {
        ObjectBuilder builder = new(await Clang.FindAsync());
        return await ProgramUnderTest.LoadAsync(SiteLowering.Lower(plan), host, builder, CancellationToken.None);
    }
}
