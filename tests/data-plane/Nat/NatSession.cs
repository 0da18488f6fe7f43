using Weir.Applier.Libbpf;
using Weir.Compiler.Model;
using Weir.Compiler.Model.Nat;
using Weir.Compiler.Planning;
using Weir.DataPlaneTests.Harness;
using Weir.DataPlaneTests.Rules;
using Weir.Testing.Plans;
using Xunit;

namespace Weir.DataPlaneTests.Nat;

/// <summary>A program and the model, each with its memory of connections, and every packet through both.</summary>
internal sealed class NatSession : IDisposable
{
    private readonly ProgramUnderTest program;
    private readonly PacketModel model;
    private readonly MapMapping rows;

    private NatSession(ProgramUnderTest program, HostState host)
    {
        this.program = program;
        Host = host;
        model = new PacketModel(program.Plane.Plan, host);
        rows = program.Mmap(".bss.nat");
    }

    public HostState Host { get; }

    public SitePlan Plan => program.Plane.Plan;

    public NatTable Connections => model.Connections;

    /// <summary>What the verifier looked at.</summary>
    public int Verified => program.Info.VerifiedInstructions;

    /// <summary>The rows of <c>.bss.nat</c>, to be read and changed.</summary>
    public Span<byte> Rows => rows.Bytes;

    public static async Task<NatSession> Open(SitePlan plan, HostState? host = null)
    {
        HostState state = host ?? RuleBench.Host with { NatSources = NatPlans.Sources };
        return new NatSession(await RuleBench.Load(plan, state), state);
    }

    /// <summary>Runs a frame through both, and fails where they differ.</summary>
    public Observation Send(byte[] frame)
    {
        Verdict verdict = model.Process(frame);
        Observation actual = program.Run(frame);
        string? difference = actual.DifferenceFrom(verdict, CounterWatch.Expected(program.Plane, verdict));
        Assert.True(difference is null, difference is null ? null : Disagreement.Describe(difference, Plan, Host, frame, verdict, actual));
        return actual;
    }

    /// <summary>Runs a frame through the program alone, whose rows the test has changed.</summary>
    public Observation Run(byte[] frame) => program.Run(frame);

    public void Dispose()
    {
        rows.Dispose();
        program.Dispose();
    }
}
