using System.Buffers.Binary;
using System.Collections.Immutable;
using Weir.Applier.Libbpf;
using Weir.Applier.State;
using Weir.Compiler.Emit;
using Weir.Compiler.Model;

namespace Weir.Applier.Generations;

/// <summary>Packets and bytes of a row, summed over CPUs.</summary>
public readonly record struct Count(long Packets, long Bytes)
{
    public static Count operator +(Count a, Count b) => new(a.Packets + b.Packets, a.Bytes + b.Bytes);

    public static Count operator -(Count a, Count b) => new(a.Packets - b.Packets, a.Bytes - b.Bytes);
}

/// <summary>Reads <c>.bss.counters</c> of an instance.</summary>
public sealed class Counters(MapMapping map, CounterLayout layout)
{
    public const string Section = ".bss.counters";

    private const string Structure = "weir_counters";

    /// <summary>Finds the parts of a CPU's slice in an object's types.</summary>
    /// <exception cref="ApplierException">The object does not count as ours do.</exception>
    public static CounterLayout LayoutOf(Btf btf)
    {
        if (btf.Structs.GetValueOrDefault(Structure) is { } slice && btf.Sections.GetValueOrDefault(Section) is { Variables: [var counters] })
        {
            Dictionary<string, int> offsets = slice.Members.ToDictionary(member => member.Name, member => member.Offset, StringComparer.Ordinal);
            if (offsets.TryGetValue("vip", out int vips) && offsets.TryGetValue("backend", out int backends) && offsets.TryGetValue("reason", out int reasons))
            {
                return new(slice.Size, counters.Size / slice.Size, vips, backends, reasons);
            }
        }

        throw ApplierException.Failed($"The object's types lack {Structure} in {Section}: it was not made from a bundle by this version, or without debug information.");
    }

    public Count Vip(int row) => Pair(layout.Vips + (row * 16));

    /// <param name="row">Row in the backend table: the pool's first plus the host's id.</param>
    public Count Backend(int row) => Pair(layout.Backends + (row * 16));

    public Count Reason(Reason reason) => new(Sum(layout.Reasons + ((int)reason * 8)), 0);

    /// <summary>All that was counted for a generation so far, its base included, by names and identities: the base of the next.</summary>
    public CounterBase Totals(Manifest manifest, GenerationRecord record)
    {
        Totals before = new(record.Base);
        return new CounterBase(
            [.. manifest.Vips.Select((vip, row) => Named(vip.Name, before.Vip(vip.Name) + Vip(row)))],
            [.. manifest.Pools.Zip(record.Ids).SelectMany(pair => pair.Second.Ids.Select(id =>
            {
                Count count = before.Backend(pair.First.Name, id.Key) + Backend(pair.First.BackendOffset + id.Value);
                return new IdentityCounter(pair.First.Name, id.Key, count.Packets, count.Bytes);
            }))],
            [.. ReasonNames.All.Select(reason => Named(reason.Name(), before.Reason(reason.Name()) + Reason(reason)))]);
    }

    /// <summary>The base for a generation that goes on counting in this instance: rows that new backends get may have been counted in before.</summary>
    public CounterBase Continue(Manifest next, ImmutableArray<PoolIds> nextIds, Manifest manifest, GenerationRecord record)
    {
        Totals before = new(record.Base);
        return new CounterBase(
            [.. next.Vips.Select((vip, row) => Named(vip.Name, RowBase(vip.Name, row, manifest, before)))],
            [.. next.Pools.Select((pool, index) => (pool, index)).SelectMany(at => nextIds[at.index].Ids.Select(id =>
            {
                Count count = record.Ids[at.index].Ids.ContainsKey(id.Key)
                    ? before.Backend(at.pool.Name, id.Key)
                    : default(Count) - Backend(at.pool.BackendOffset + id.Value);
                return new IdentityCounter(at.pool.Name, id.Key, count.Packets, count.Bytes);
            }))],
            record.Base.Reasons);
    }

    private Count RowBase(string name, int row, Manifest manifest, Totals before) =>
        row < manifest.Vips.Length && manifest.Vips[row].Name == name ? before.Vip(name) : default(Count) - Vip(row);

    private static NamedCounter Named(string name, Count count) => new(name, count.Packets, count.Bytes);

    private Count Pair(int offset) => new(Sum(offset), Sum(offset + 8));

    private long Sum(int offset)
    {
        long sum = 0;
        ReadOnlySpan<byte> bytes = map.Bytes;
        for (int cpu = 0; cpu < layout.Cpus; cpu++)
        {
            sum += BinaryPrimitives.ReadInt64LittleEndian(bytes[((cpu * layout.Stride) + offset)..]);
        }

        return sum;
    }
}

/// <summary>A base by name.</summary>
public sealed class Totals(CounterBase values)
{
    private readonly Dictionary<string, Count> vips = values.Vips.ToDictionary(vip => vip.Name, vip => new Count(vip.Packets, vip.Bytes), StringComparer.Ordinal);
    private readonly Dictionary<string, Count> reasons = values.Reasons.ToDictionary(reason => reason.Name, reason => new Count(reason.Packets, 0), StringComparer.Ordinal);
    private readonly Dictionary<(string, string), Count> backends =
        values.Backends.ToDictionary(backend => (backend.Pool, backend.Identity), backend => new Count(backend.Packets, backend.Bytes));

    public Count Vip(string name) => vips.GetValueOrDefault(name);

    public Count Backend(string pool, string identity) => backends.GetValueOrDefault((pool, identity));

    public Count Reason(string name) => reasons.GetValueOrDefault(name);
}
