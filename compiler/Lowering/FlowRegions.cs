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

    /// <summary>How a service's flows begin; nothing of it matters where no pool that serves it has records.</summary>
    public static FlowBeginning BeginningOf(SitePlan plan, int vip, PortRange ports)
    {
        VipPlan about = plan.Vips[vip];
        int[] pools = [about.Pool, .. about.Routes.Select(route => route.Pool)];
        if (pools.All(pool => plan.Pools[pool].Tracking is null))
        {
            return default;
        }

        FlowBeginning shared = about.Hash == HashPolicy.FiveTuple ? default : FlowBeginning.Shared;
        return ports.Protocol == TransportProtocol.Tcp ? FlowBeginning.Syn | shared
            : ports.Quic && pools.Any(pool => plan.Pools[pool].Quic is not null) ? FlowBeginning.Initial | shared
            : (about.StatelessUdp ? FlowBeginning.Ever : FlowBeginning.Unseen) | shared;
    }

    /// <summary>The same of the port that a flow came to.</summary>
    public static FlowBeginning BeginningOf(SitePlan plan, int vip, bool udp, ushort port) => BeginningOf(
        plan, vip, plan.Vips[vip].Ports.First(p => p.Protocol == (udp ? TransportProtocol.Udp : TransportProtocol.Tcp) && p.First <= port && port <= p.Last));

    /// <summary>The image of <c>.data.region</c>.</summary>
    internal static byte[] Image(DataPlane dataPlane)
    {
        var bytes = new byte[dataPlane.Sizes.Regions * Layouts.Region.Size];
        var rows = new StructImage(bytes, Layouts.Region);
        for (int pool = 0; pool < dataPlane.Plan.Pools.Length && bytes.Length > 0; pool++)
        {
            if (dataPlane.Plan.Pools[pool].Tracking is { } tracking)
            {
                rows.Set(pool, "first", (ulong)First(dataPlane.Plan, pool));
                rows.Set(pool, "sets", (ulong)tracking.Sets);
                rows.Set(pool, "always", tracking.Always ? 1ul : 0);
            }
        }

        return bytes;
    }
}
