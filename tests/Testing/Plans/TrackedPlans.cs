using System.Net;
using Weir.Compiler.Planning;
using Weir.Compiler.Topologies;

namespace Weir.Testing.Plans;

/// <summary>The small plan with pools whose slots have a history.</summary>
public static class TrackedPlans
{
    /// <summary>Pool <c>web</c> has four backends and its flows are recorded in transition, those of <c>six</c>, three, always; <c>drained</c> is as ever. <c>www</c> serves
    /// udp/53 too, and <c>six</c> nothing but TCP.</summary>
    /// <param name="sets">Of records, in each of the two.</param>
    /// <param name="hashed">Whether VIPs lie in tables.</param>
    /// <param name="wide">Whether <c>web</c> has a wide ring.</param>
    public static SitePlan Small(int sets, bool hashed = false, bool wide = false, bool stateless = false, HashPolicy? hash = null)
    {
        SitePlan plan = ExamplePlans.Small();
        PoolPlan web = ExamplePlans.Pool("web", 12, [.. Enumerable.Range(1, 4).Select(i => ExamplePlans.Backend((ulong)(0x30 + i), $"web-{i}", $"10.1.0.{10 + i}"))]);
        PoolPlan six = ExamplePlans.Pool("six", 13, [.. Enumerable.Range(1, 3).Select(i => ExamplePlans.Backend((ulong)(0x20 + i), $"six-{i}", $"fd00:1::1{i}"))]);
        return plan with
        {
            Pools = [plan.Pools[0], six with { Tracking = new TrackingPlan(sets, Always: true) }, web with { Tracking = new TrackingPlan(sets, Always: false), Capacity = wide ? 300 : 32 }],
            Vips =
            [
                plan.Vips[0],
                plan.Vips[1],
                plan.Vips[2] with { StatelessUdp = stateless, Hash = hash ?? HashPolicy.FiveTuple },
                .. hashed ? Enumerable.Range(0, 8).Select(i => new VipPlan($"x{i}", 0, [IPAddress.Parse($"203.0.113.{100 + i}")], [ExamplePlans.Tcp(80)])) : [],
            ],
        };
    }

    /// <summary>The small plan's <c>www</c> with quic/443, whose backends connection ids name: flows begin with Initials.</summary>
    public static SitePlan Quic(int sets)
    {
        SitePlan plan = ExamplePlans.ServerIds();
        return plan with { Pools = [.. plan.Pools.Select(pool => pool with { Tracking = new TrackingPlan(sets, Always: false) })] };
    }
}
