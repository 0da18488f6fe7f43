using System.Net;
using System.Net.Sockets;
using Weir.Compiler.Planning;
using Weir.Compiler.Topologies;

namespace Weir.Testing.Plans;

/// <summary>The small plan with backends that are reached by NAT.</summary>
public static class NatPlans
{
    /// <summary>What one host takes as sources: four addresses of either family.</summary>
    public static HostNatSources Sources { get; } = new("lb1", IPNetwork.Parse("10.10.0.32/30"), IPNetwork.Parse("2001:db8:a::20/126"));

    /// <summary>Pool <c>web</c> over IPv4, <c>web-1</c> with port 8080 and <c>web-2</c> without one; pool <c>six</c> over IPv6, <c>six-1</c> with port 7000; pool <c>drained</c> as ever.
    /// All VIPs have both families, so that packets go from each to each.</summary>
    public static SitePlan All(int mtu = 1500) => With(ExamplePlans.Small(mtu: mtu), sources: Sources);

    /// <summary>Clients of one family, and backends of one.</summary>
    public static SitePlan Between(AddressFamily clients, AddressFamily backends)
    {
        SitePlan plan = With(ExamplePlans.OneFamily(clients), Sources);
        int pool = backends == AddressFamily.InterNetwork ? 2 : 1;
        return plan with { Pools = [plan.Pools[pool] with { Name = "web" }], Vips = [plan.Vips[2] with { Pool = 0 }] };
    }

    /// <summary>Pool <c>web</c> has an IPv4 backend and an IPv6 one by NAT; pool <c>six</c> one by IP in IP and one by NAT.</summary>
    public static SitePlan Mixed()
    {
        SitePlan plan = ExamplePlans.Small();
        return plan with
        {
            Encapsulations = [plan.Encapsulations[0], new EncapsulationPlan(EncapsulationType.Nat, null, null)],
            NatSources = [Sources],
            Pools =
            [
                plan.Pools[0],
                plan.Pools[1] with { Backends = [plan.Pools[1].Backends[0], plan.Pools[1].Backends[1] with { Encapsulation = 1 }] },
                ExamplePlans.Pool(
                    "web",
                    12,
                    ExamplePlans.Backend(0x31, "web-1", "10.1.0.11") with { Encapsulation = 1, Port = 8080 },
                    ExamplePlans.Backend(0x32, "web-2", "fd00:1::21") with { Encapsulation = 1 }),
            ],
        };
    }

    private static SitePlan With(SitePlan plan, HostNatSources sources) => plan with
    {
        Encapsulations = [new EncapsulationPlan(EncapsulationType.Nat, null, null)],
        NatSources = [sources],
        Pools = [plan.Pools[0], First(plan.Pools[1], 7000), First(plan.Pools[2], 8080)],
    };

    private static PoolPlan First(PoolPlan pool, ushort port) => pool with { Backends = [pool.Backends[0] with { Port = port }, .. pool.Backends.Skip(1)] };
}
