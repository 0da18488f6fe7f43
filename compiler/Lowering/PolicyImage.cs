using System.Buffers.Binary;
using System.Collections.Immutable;
using Weir.Compiler.Lookup;
using Weir.Compiler.Planning;
using Weir.Compiler.Topologies;

namespace Weir.Compiler.Lowering;

/// <summary>The bytes of <c>.data.policy</c>: a row for every VIP, a place for every pool that a route may name, and intervals of sources.</summary>
internal static class PolicyImage
{
    /// <summary>Of an interval: the pool is the service's own.</summary>
    private const uint Own = uint.MaxValue;

    /// <summary>Of an interval: its sources are denied.</summary>
    private const uint Denied = uint.MaxValue - 1;

    public static byte[] Of(DataPlane dataPlane)
    {
        if (PolicyLayouts.Policies(dataPlane.Sizes) is not { } layout)
        {
            return [];
        }

        var bytes = new byte[layout.Size];
        var whole = new StructImage(bytes, layout);
        Vips(new StructImage(whole.Place(0, layout["vips"]), PolicyLayouts.Policy), dataPlane);
        if (dataPlane.Sizes.Routes > 0)
        {
            Routes(new StructImage(whole.Place(0, layout["routes"]), PolicyLayouts.Route), dataPlane.Pools);
        }

        if (dataPlane.Sizes.Intervals4 > 0)
        {
            Intervals(new StructImage(whole.Place(0, layout["v4"]), PolicyLayouts.Interval4), dataPlane.Policies.V4, First4);
        }

        if (dataPlane.Sizes.Intervals6 > 0)
        {
            Intervals(new StructImage(whole.Place(0, layout["v6"]), PolicyLayouts.Interval6), dataPlane.Policies.V6, First6);
        }

        return bytes;
    }

    /// <summary>The source port is the first of the two, so it lies in the low half of the word.</summary>
    internal static uint PortsMask(HashPolicy policy) => (policy.SourcePort ? 0x0000ffffu : 0) | (policy.DestinationPort ? 0xffff0000u : 0);

    private static void Vips(StructImage rows, DataPlane dataPlane)
    {
        ImmutableArray<VipPlan> vips = dataPlane.Plan.Vips;
        VipPolicies policies = dataPlane.Policies;
        (ImmutableArray<int> offsets4, ImmutableArray<int> offsets6) = (policies.V4.Offsets, policies.V6.Offsets);
        for (int vip = 0; vip < vips.Length; vip++)
        {
            HashPolicy hash = vips[vip].Hash;
            rows.SetBytes(vip, "source6", PrefixBits.Mask(hash.SourceBitsV6, 16));
            rows.Set(vip, "destination", hash.Destination ? ulong.MaxValue : 0);
            rows.SetBytes(vip, "source4", PrefixBits.Mask(hash.SourceBitsV4, 4));
            rows.Set(vip, "ports", PortsMask(hash));
            rows.Set(vip, "protocol", hash.Protocol ? 0xffu : 0);
            if (policies.V4.ListOf[vip] is >= 0 and var list4)
            {
                rows.Set(vip, "first4", (ulong)offsets4[list4]);
                rows.Set(vip, "rows4", (ulong)SourceTable.RowsOf(policies.V4.Lists[list4]));
            }

            if (policies.V6.ListOf[vip] is >= 0 and var list6)
            {
                rows.Set(vip, "first6", (ulong)offsets6[list6]);
                rows.Set(vip, "rows6", (ulong)SourceTable.RowsOf(policies.V6.Lists[list6]));
            }
        }
    }

    private static void Routes(StructImage rows, ImmutableArray<PoolPlace> pools)
    {
        for (int pool = 0; pool < pools.Length; pool++)
        {
            rows.Set(pool, "ring", (ulong)pools[pool].RingOffset);
            rows.Set(pool, "backend", (ulong)pools[pool].BackendOffset);
            rows.Set(pool, "ring_shift", (ulong)(32 - pools[pool].RingBits));
            rows.Set(pool, "ring_wide", pools[pool].Wide ? 1ul : 0);
            rows.Set(pool, "pool", (ulong)pool);
        }
    }

    /// <summary>Rows up to a list's power of two begin at the last address and say what the last interval says, so that whichever is found is right.</summary>
    private static void Intervals(StructImage rows, SourceTable table, Func<UInt128, byte[]> first)
    {
        ImmutableArray<int> offsets = table.Offsets;
        byte[] end = first(UInt128.MaxValue);
        for (int list = 0; list < table.Lists.Length; list++)
        {
            ImmutableArray<SourceInterval> intervals = table.Lists[list];
            for (int row = 0; row < SourceTable.RowsOf(intervals); row++)
            {
                SourceInterval interval = intervals[Math.Min(row, intervals.Length - 1)];
                rows.SetBytes(offsets[list] + row, "first", row < intervals.Length ? first(interval.First) : end);
                rows.Set(offsets[list] + row, "pool", interval.Pool switch
                {
                    SourceIntervals.Own => Own,
                    SourceIntervals.Denied => Denied,
                    var pool => (uint)pool,
                });
            }
        }
    }

    private static byte[] First4(UInt128 first)
    {
        var bytes = new byte[4];
        BinaryPrimitives.WriteUInt32LittleEndian(bytes, (uint)first);
        return bytes;
    }

    /// <summary>The upper half, then the lower.</summary>
    private static byte[] First6(UInt128 first)
    {
        var bytes = new byte[16];
        BinaryPrimitives.WriteUInt64LittleEndian(bytes, (ulong)(first >> 64));
        BinaryPrimitives.WriteUInt64LittleEndian(bytes.AsSpan(8), (ulong)first);
        return bytes;
    }
}
