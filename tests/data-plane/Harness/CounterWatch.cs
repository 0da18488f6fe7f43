using System.Collections.Immutable;
using System.Runtime.InteropServices;
using Weir.Applier.Libbpf;
using Weir.Compiler.Lowering;
using Weir.Compiler.Model;

namespace Weir.DataPlaneTests.Harness;

/// <summary>Tells which of a program's counters changed since one looked last, whichever CPU it ran on.</summary>
internal sealed class CounterWatch : IDisposable
{
    private readonly MapMapping mapping;
    private readonly ulong[] last;
    private readonly CStruct slice;
    private readonly DataPlane plane;

    public CounterWatch(MapMapping mapping, DataPlane plane)
    {
        this.mapping = mapping;
        this.plane = plane;
        slice = Layouts.Counters(plane.Sizes);
        last = Words.ToArray();
    }

    private ReadOnlySpan<ulong> Words => MemoryMarshal.Cast<byte, ulong>(mapping.Bytes);

    /// <summary>What a verdict must be counted as, sorted.</summary>
    public static ImmutableArray<CounterDelta> Expected(DataPlane plane, Verdict verdict)
    {
        CounterDelta[] noted = verdict.Note is Reason note ? [new CounterDelta(CounterKind.Reason, (int)note, 1)] : [];
        if (verdict.Reason is Reason reason)
        {
            return [.. noted.Append(new CounterDelta(CounterKind.Reason, (int)reason, 1)).Order()];
        }

        (int pool, int backend) = verdict.ChargedBackend ?? throw new InvalidOperationException("A forwarded packet has a backend.");
        int vip = verdict.ChargedVip ?? throw new InvalidOperationException("A forwarded packet has a VIP.");
        int row = plane.Pools[pool].BackendOffset + backend;
        ulong bytes = (ulong)verdict.CountedBytes;
        return
        [
            new CounterDelta(CounterKind.VipPackets, vip, 1),
            new CounterDelta(CounterKind.VipBytes, vip, bytes),
            new CounterDelta(CounterKind.BackendPackets, row, 1),
            new CounterDelta(CounterKind.BackendBytes, row, bytes),
            .. noted,
        ];
    }

    /// <summary>What changed, sorted, and remembers the new values.</summary>
    public ImmutableArray<CounterDelta> Look()
    {
        ReadOnlySpan<ulong> now = Words;
        if (now.SequenceEqual(last))
        {
            return [];
        }

        List<CounterDelta> changes = [];
        for (int at = now.CommonPrefixLength(last); at < now.Length; at += 1 + now[(at + 1)..].CommonPrefixLength(last.AsSpan(at + 1)))
        {
            (CounterKind kind, int index) = Name(at * sizeof(ulong) % slice.Size);
            changes.Add(new CounterDelta(kind, index, now[at] - last[at]));
            last[at] = now[at];
        }

        return [.. changes.GroupBy(change => (change.Kind, change.Index)).Select(same => same.First() with { By = same.Aggregate(0UL, (sum, one) => sum + one.By) }).Order()];
    }

    public void Dispose() => mapping.Dispose();

    private (CounterKind Kind, int Index) Name(int offset)
    {
        CMember vip = slice["vip"];
        CMember backend = slice["backend"];
        CMember reason = slice["reason"];
        if (offset < vip.Offset + vip.Size)
        {
            return Pair(offset - vip.Offset, CounterKind.VipPackets, CounterKind.VipBytes);
        }

        if (offset < backend.Offset + backend.Size)
        {
            return Pair(offset - backend.Offset, CounterKind.BackendPackets, CounterKind.BackendBytes);
        }

        return offset < reason.Offset + reason.Size
            ? (CounterKind.Reason, (offset - reason.Offset) / sizeof(ulong))
            : (CounterKind.Stray, offset);
    }

    private static (CounterKind Kind, int Index) Pair(int offset, CounterKind packets, CounterKind bytes) =>
        (offset % Layouts.Counter.Size < Layouts.Counter["bytes"].Offset ? packets : bytes, offset / Layouts.Counter.Size);
}
