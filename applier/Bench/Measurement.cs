using System.Collections.Immutable;
using Weir.Applier.Libbpf;

namespace Weir.Applier.Bench;

/// <summary>A program under a traffic.</summary>
/// <param name="Encapsulates">Whether it grows the packet at its front; it then ends with XDP_TX, else with XDP_PASS.</param>
/// <param name="InPlace">Whether it sends the packet without growing it; then it ends with XDP_TX too.</param>
public sealed record Lane(Harness Harness, BpfProgram Program, bool Encapsulates, bool InPlace = false);

/// <summary>Nanoseconds per packet, net of the harness.
/// <para>A round times every program and both stubs, one after the other and each for well under a time slice, so that what disturbs the machine
/// disturbs all alike; the figure is the difference of means over the undisturbed of many rounds. The reset program has to undo an encapsulation, so the growing
/// stub's time is subtracted, and half the difference of the stubs, one <c>bpf_xdp_adjust_head</c>, given back: the program's own stays in its figure.</para></summary>
public static class Measurement
{
    private const uint XdpPass = 2;
    private const uint XdpTx = 3;

    /// <summary>Packets before each timing that bring the program and its tables back into the caches.</summary>
    private const int WarmUp = 2_000;

    private const int Packets = 16_000;

    /// <summary>Measures programs against each other in the same rounds.</summary>
    /// <returns>By lane.</returns>
    public static ImmutableArray<double> Net(IReadOnlyList<Lane> lanes, int rounds, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(lanes);
        Dictionary<(Harness, BpfProgram), List<double>> samples = [];
        List<(Harness Harness, BpfProgram Program, uint Expected)> turns = [];
        foreach (Harness harness in lanes.Select(lane => lane.Harness).Distinct())
        {
            turns.Add((harness, harness.Stub, XdpTx));
            turns.Add((harness, harness.GrowingStub, XdpTx));
            turns.AddRange(lanes.Where(lane => lane.Harness == harness).Select(lane => (harness, lane.Program, lane.Encapsulates || lane.InPlace ? XdpTx : XdpPass)));
        }

        foreach ((Harness harness, BpfProgram program, _) in turns)
        {
            samples[(harness, program)] = [];
        }

        for (int round = 0; round < rounds; round++)
        {
            cancellation.ThrowIfCancellationRequested();
            foreach ((Harness harness, BpfProgram program, uint expected) in turns)
            {
                harness.Select(program);
                harness.Run(WarmUp, expected);
                samples[(harness, program)].Add(harness.Run(Packets, expected));
            }
        }

        return [.. lanes.Select(lane =>
        {
            double total = Undisturbed.Mean(samples[(lane.Harness, lane.Program)]);
            double stub = Undisturbed.Mean(samples[(lane.Harness, lane.Harness.Stub)]);
            double growing = Undisturbed.Mean(samples[(lane.Harness, lane.Harness.GrowingStub)]);
            return lane.Encapsulates ? total - growing + (growing - stub) / 2 : total - stub;
        })];
    }
}
