using System.Buffers.Binary;
using Weir.Applier.Generations;
using Weir.Applier.Libbpf;
using Weir.Compiler.Lowering;

namespace Weir.Applier.Apply;

/// <summary>Connections through NAT outlive the program that made them: the next one takes over the very map, or, where it has another size, what is in it.</summary>
internal sealed class NatTakeover : IDisposable
{
    private readonly BpfMap? old;
    private readonly bool same;
    private readonly int bytes;

    private NatTakeover(BpfMap? old, bool same, int bytes)
    {
        this.old = old;
        this.same = same;
        this.bytes = bytes;
    }

    /// <summary>The map to take over, or null.</summary>
    public BpfMap? Map => same ? old : null;

    /// <summary>Nothing is taken over where nothing runs, or where this host had other sources: a row's number is its source.</summary>
    public static NatTakeover Of(ApplyWork work)
    {
        int wanted = work.Bundle.Manifest.Maps.FirstOrDefault(map => map.Section == NatRows.Section)?.Size ?? 0;
        if (wanted == 0 || work.NatSources is not { Addresses: > 0 } sources || work.Live.Instance is not int live
            || !File.Exists(work.Pins.Map(live, NatRows.Section)) || !work.KeepsNatSources)
        {
            return new NatTakeover(null, same: false, 0);
        }

        BpfMap old = BpfMap.OpenPinned(work.Pins.Map(live, NatRows.Section));
        return new NatTakeover(old, old.Info.ValueSize == wanted, (sources.Addresses << NatRows.PortBits) * NatData.RowBytes);
    }

    /// <summary>Copies rows that are free in the new instance: once before it takes packets, and once after.</summary>
    public void Copy(Instance instance)
    {
        if (old is null || same)
        {
            return;
        }

        using MapMapping from = old.Mmap(writable: false);
        Span<byte> to = instance.Map(NatRows.Section).Bytes[..bytes];
        for (int at = 0; at < bytes; at += NatData.RowBytes)
        {
            if (BinaryPrimitives.ReadUInt32LittleEndian(to[at..]) == 0)
            {
                from.Bytes.Slice(at, NatData.RowBytes).CopyTo(to[at..]);
            }
        }
    }

    public void Dispose() => old?.Dispose();
}
