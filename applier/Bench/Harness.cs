using System.Diagnostics;
using System.Runtime.InteropServices;
using Weir.Applier.Libbpf;
using Weir.Applier.Network;

namespace Weir.Applier.Bench;

/// <summary>The reset program of <c>bpf/bench/harness.bpf.c</c>, loaded, fed with one traffic and attached to a scratch interface:
/// with a program attached natively somewhere the kernel spares every run a rewrite of its dispatcher, 16 ms. Time it on a
/// <see cref="BoundThread"/>.</summary>
public sealed class Harness : IDisposable
{
    private readonly BpfProgram _reset;
    private readonly BpfMap _slot;
    private readonly ScratchVeth _veth;
    private readonly XdpLink _link;
    private readonly byte[] _frame;

    private Harness(BpfObject loaded, Traffic traffic)
    {
        _frame = traffic.Frame();
        _reset = loaded.Program("bench_reset");
        _slot = loaded.Map("bench_slot");
        Stub = loaded.Program("bench_stub");
        GrowingStub = loaded.Program("bench_stub_grow");
        _veth = new ScratchVeth();
        _link = _veth.Attach(_reset);
    }

    /// <summary>Stands for a program that leaves the packet where it is.</summary>
    public BpfProgram Stub { get; }

    /// <summary>Stands for a program that grows the packet at its front.</summary>
    public BpfProgram GrowingStub { get; }

    /// <summary>Loads the harness.</summary>
    /// <param name="elf">The object that clang made of <c>bpf/bench/harness.bpf.c</c>.</param>
    /// <param name="outerLength">Bytes that the growing stub adds: 20 for an outer IPv4, 40 for an outer IPv6 header.</param>
    /// <exception cref="BpfException">The kernel refused it.</exception>
    public static Harness Load(ReadOnlySpan<byte> elf, Traffic traffic, int outerLength)
    {
        ArgumentNullException.ThrowIfNull(traffic);
        using BpfObject harness = BpfObject.Open(elf, "bench");
        harness.SetInitialValue(".data.run", traffic.Run(outerLength));
        harness.SetInitialValue(traffic.IsIPv6 ? ".data.vip6" : ".data.vip4", traffic.Table());
        harness.Load();
        return new Harness(harness, traffic);
    }

    /// <summary>Puts a program behind the reset program. It must have its attach type and kind of section.</summary>
    public void Select(BpfProgram program)
    {
        ArgumentNullException.ThrowIfNull(program);
        int descriptor = program.Fd, slot = 0;
        _slot.Update(Bytes(ref slot), Bytes(ref descriptor));
    }

    /// <summary>Runs the next packets.</summary>
    /// <param name="expected">The XDP action that the last packet must end with.</param>
    /// <returns>Nanoseconds per packet, everything included.</returns>
    /// <exception cref="InvalidOperationException">It ended otherwise: whatever was measured, it was not this.</exception>
    public double Run(int packets, uint expected)
    {
        long start = Stopwatch.GetTimestamp();
        BpfRun run = _reset.Run(_frame, [], packets);
        double call = Stopwatch.GetElapsedTime(start).TotalNanoseconds / packets;
        if (run.ReturnValue != expected)
        {
            throw new InvalidOperationException($"A packet of the benchmark ended with XDP action {run.ReturnValue} instead of {expected}.");
        }

        // The kernel cuts its figure to whole nanoseconds; within that one, the whole call's duration says more.
        return Math.Clamp(call, run.DurationNs, run.DurationNs + 1.0);
    }

    public void Dispose()
    {
        _link.Dispose();
        _veth.Dispose();
        GrowingStub.Dispose();
        Stub.Dispose();
        _slot.Dispose();
        _reset.Dispose();
    }

    private static ReadOnlySpan<byte> Bytes(ref int value) => MemoryMarshal.AsBytes(new ReadOnlySpan<int>(ref value));
}
