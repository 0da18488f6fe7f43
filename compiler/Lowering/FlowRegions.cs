using System.Numerics;
using Weir.Compiler.Planning;
using Weir.Compiler.Topologies;

namespace Weir.Compiler.Lowering;

/// <summary>Where pools keep the records of their flows, and how these flows begin (<c>bpf/README.md</c>, section 11).</summary>
public static class FlowRegions
{
    /// <summary>The records of all pools, of all CPUs alike.</summary>
    public const string Section = ".bss.records";

    /// <summary>Bytes of a set.</summary>
    public const int SetBytes = 64;

    /// <summary>Sets of the whole site, a power of two; 0 where no pool has any.</summary>
    public static int Sets(SitePlan plan)
    {
        int sum = plan.Pools.Sum(pool => pool.Tracking?.Sets ?? 0);
        return sum == 0 ? 0 : checked((int)BitOperations.RoundUpToPowerOf2((uint)sum));
    }

    /// <summary>The first set of a pool; the larger a region the further in front, so that none lies across its own size.</summary>
    public static int First(SitePlan plan, int pool)
    {
        int own = plan.Pools[pool].Tracking?.Sets ?? 0;
        return plan.Pools.Select((other, number) => (Sets: other.Tracking?.Sets ?? 0, number))
            .Where(other => other.Sets > own || (other.Sets == own && other.number < pool)).Sum(other => other.Sets);
    }

    /// <summary>How a VIP's flows begin.</summary>
    public static FlowBeginning BeginningOf(SitePlan plan, VipPlan vip)
    {
        bool quic = vip.Ports.Any(port => port.Quic) && vip.Routes.Select(route => route.Pool).Append(vip.Pool).Any(pool => plan.Pools[pool].Quic is not null);
        return (quic ? FlowBeginning.Initial : vip.StatelessUdp ? FlowBeginning.Ever : FlowBeginning.Unseen)
            | (vip.Hash == HashPolicy.FiveTuple ? default : FlowBeginning.Shared);
    }

    /// <summary>The image of <c>.data.region</c>.</summary>
    internal static byte[] Regions(DataPlane dataPlane)
    {
        if (dataPlane.Sizes.Sets == 0)
        {
            return [];
        }

        var bytes = new byte[dataPlane.Sizes.Backends * Layouts.Region.Size];
        var rows = new StructImage(bytes, Layouts.Region);
        for (int pool = 0; pool < dataPlane.Plan.Pools.Length; pool++)
        {
            int row = dataPlane.Pools[pool].BackendOffset;
            rows.Set(row, "pool", (ulong)pool);
            if (dataPlane.Plan.Pools[pool].Tracking is { } tracking)
            {
                rows.Set(row, "first", (ulong)First(dataPlane.Plan, pool));
                rows.Set(row, "sets", (ulong)tracking.Sets);
                rows.Set(row, "always", tracking.Always ? 1ul : 0);
            }
        }

        return bytes;
    }

    /// <summary>The image of <c>.data.begins</c>: a byte a VIP.</summary>
    internal static byte[] Beginnings(DataPlane dataPlane)
    {
        var bytes = new byte[dataPlane.Sizes.Sets == 0 ? 0 : dataPlane.Sizes.Vips];
        for (int vip = 0; vip < dataPlane.Plan.Vips.Length && bytes.Length > 0; vip++)
        {
            bytes[vip] = (byte)BeginningOf(dataPlane.Plan, dataPlane.Plan.Vips[vip]);
        }

        return bytes;
    }
}
