using System.Collections.Immutable;
using System.Net;
using Weir.Compiler.Diagnostics;
using Weir.Compiler.Planning;
using Weir.Compiler.Topologies;
using Xunit;

namespace Weir.Compiler.Tests.Lowering;

public sealed class SitePlannerTests
{
    [Fact]
    public void Identities_are_what_a_backend_is()
    {
        // Identities are pinned on hosts: this fails when their encoding changes, on purpose.
        Assert.Equal(2_980_771_947_710_153_279UL, BackendIdentity.Of("web", IPAddress.Parse("10.1.0.11"), 0));
        ulong[] different =
        [
            BackendIdentity.Of("web", IPAddress.Parse("10.1.0.11"), 0),
            BackendIdentity.Of("web", IPAddress.Parse("10.1.0.12"), 0),
            BackendIdentity.Of("web", IPAddress.Parse("10.1.0.11"), 80),
            BackendIdentity.Of("api", IPAddress.Parse("10.1.0.11"), 0),
            BackendIdentity.Of("web", IPAddress.Parse("::10.1.0.11"), 0),
        ];
        Assert.Equal(different.Length, different.Distinct().Count());
    }

    [Fact]
    public void Only_what_the_site_serves_is_planned()
    {
        Topology topology = Samples.Topology(6, pools: 3);
        topology = topology with { Vips = [.. topology.Vips.Select(v => v.Pool == "pool-001" ? v with { Sites = ["fra1"] } : v)] };
        SitePlan plan = Samples.Plan(topology);
        Assert.Equal(["pool-000", "pool-002"], plan.Pools.Select(p => p.Name));
        Assert.Equal(["vip-0000", "vip-0002", "vip-0003", "vip-0005"], plan.Vips.Select(v => v.Name));
        Assert.Equal([0, 1, 0, 1], plan.Vips.Select(v => v.Pool));
    }

    [Fact]
    public void Drained_and_weightless_backends_are_planned_but_own_no_slot()
    {
        Topology topology = Samples.Topology(1, backends: 6);
        Pool pool = topology.Pools[0];
        SitePlan plan = Samples.Plan(topology with
        {
            Pools = [pool with { Backends = [.. pool.Backends.Select((b, i) => i == 0 ? b with { State = BackendState.Drain } : i == 1 ? b with { Weight = 0 } : b)] }],
        });
        Assert.Equal(6, plan.Pools[0].Backends.Length);
        ImmutableHashSet<string> owners = [.. plan.Pools[0].Ring.Distinct().Select(n => plan.Pools[0].Backends[n].Name)];
        Assert.Equal(["b-0002", "b-0003", "b-0004", "b-0005"], owners.Order());
        Assert.InRange(plan.Pools[0].Quality.ImbalancePpm, 0, 10_000);
        Assert.InRange(plan.Pools[0].Quality.CollateralPpm, 1, 20_000);
    }

    [Fact]
    public void Draining_never_resizes_a_ring()
    {
        Topology topology = Samples.Topology(1, backends: 6);
        Pool pool = topology.Pools[0];
        pool = pool with { Backends = [.. pool.Backends.Select((b, i) => b with { Weight = i == 0 ? 1 : 40 })] };
        int slots = Samples.Plan(topology with { Pools = [pool] }).Pools[0].Ring.Length;
        Assert.Equal(32_768, slots);
        for (int i = 0; i < 6; i++)
        {
            Pool drained = pool with { Backends = pool.Backends.SetItem(i, pool.Backends[i] with { State = BackendState.Drain }) };
            Assert.Equal(slots, Samples.Plan(topology with { Pools = [drained] }).Pools[0].Ring.Length);
        }
    }

    [Fact]
    public void Weights_beyond_the_largest_ring_are_a_finding()
    {
        Topology topology = Samples.Topology(1);
        Pool pool = topology.Pools[0];
        SourceSpan position = new("pools.yaml", 4, 9, 4, 20);
        pool = pool with { Backends = [pool.Backends[0] with { Weight = 3, Position = position }, pool.Backends[1] with { Weight = 60_000 }] };
        PlanFinding finding = Assert.Single(SitePlanner.Plan(topology with { Pools = [pool] }, "ams1").Findings);
        RingTooSmall ring = Assert.IsType<RingTooSmall>(finding);
        Assert.Equal(("pool-000", "b-0000", 65_536, position), (ring.Pool, ring.Backend, ring.Slots, ring.Position));
        Assert.InRange(ring.ImbalancePpm, 10_001, 1_000_000);
    }

    [Fact]
    public void Backends_that_cannot_be_told_apart_are_a_finding_and_no_plan()
    {
        Topology topology = Samples.Topology(1);
        Pool pool = topology.Pools[0];
        pool = pool with { Backends = pool.Backends.Add(pool.Backends[1] with { Name = "twin" }) };
        (SitePlan? plan, ImmutableArray<PlanFinding> findings) = SitePlanner.Plan(topology with { Pools = [pool] }, "ams1");
        Assert.Null(plan);
        IdentityCollision collision = Assert.IsType<IdentityCollision>(Assert.Single(findings));
        Assert.Equal(("b-0001", "twin"), (collision.Other, collision.Backend));
    }

    [Fact]
    public void A_site_that_is_not_there_is_the_callers_mistake() =>
        Assert.Throws<ArgumentException>(() => SitePlanner.Plan(Samples.Topology(1), "nowhere"));
}
