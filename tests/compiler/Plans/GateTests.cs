using System.Collections.Immutable;
using Weir.Compiler.Plans;
using Weir.Compiler.Plans.Text;
using Weir.Compiler.Tests.Lowering;
using Weir.Compiler.Topologies;
using Xunit;

namespace Weir.Compiler.Tests.Plans;

/// <summary>Every finding of the gate, what just does not cause it, and what allows it.</summary>
public sealed class GateTests
{
    private static readonly Topology Base = Samples.Topology(3, pools: 1, backends: 10, ports: "tcp/80");

    [Theory]
    [InlineData(3, 30, 4, false)]
    [InlineData(4, 30, 4, true)]
    [InlineData(4, 40, 4, false)]
    [InlineData(9, 30, 11, false)]
    [InlineData(1, 0, 10, true)]
    public void Only_so_many_may_leave_a_pool_at_once(int leaving, int maxLeaving, int minimum, bool refused)
    {
        Topology before = WithPool(Base, p => p with { Policy = new Policy(maxLeaving, minimum, 100) });
        // The policy that comes with the change does not count.
        Topology drained = WithPool(Base, p => p with { Backends = Drain(p.Backends, leaving), Policy = new Policy(100, 1, 100) });
        Topology removed = WithPool(Base, p => p with { Backends = p.Backends[leaving..], Policy = new Policy(100, 1, 100) });
        Topology weightless = WithPool(Base, p => p with { Backends = [.. p.Backends.Select((b, i) => i < leaving ? b with { Weight = 0 } : b)], Policy = new Policy(100, 1, 100) });
        Assert.All([drained, removed, weightless], after => Assert.Equal(refused ? ["WEIR1601 pools.pool-000"] : [], Refused(before, after)));
    }

    [Fact]
    public void Renamed_backends_do_not_leave() =>
        Assert.Empty(Refused(Base, WithPool(Base, p => p with { Backends = [.. p.Backends.Select(b => b with { Name = "x" + b.Name })] })));

    [Fact]
    public void A_pool_is_not_left_empty_by_oversight()
    {
        Topology small = Samples.Topology(1, backends: 2);
        Topology empty = WithPool(small, p => p with { Backends = Drain(p.Backends, 2) });
        Assert.Equal(["WEIR1602 pools.pool-000"], Refused(small, empty));
        Assert.Empty(Refused(empty, empty with { Seed = empty.Seed, Vips = [empty.Vips[0] with { Policy = new Policy(1, 1, 1) }] }));
        Assert.Empty(Refused(empty, small));
    }

    [Fact]
    public void Withdrawing_what_is_served_is_refused()
    {
        Assert.Equal(["WEIR1603 vips.vip-0001"], Refused(Base, Base with { Vips = Base.Vips.RemoveAt(1) }));
        Topology two = TwoSites(Base);
        Assert.Equal(["WEIR1604 vips.vip-0000"], Refused(two, two with { Vips = two.Vips.SetItem(0, two.Vips[0] with { Sites = ["ams1"] }) }));
        Assert.Equal(
            ["WEIR1605 vips.vip-0000"], Refused(Base, Base with { Vips = Base.Vips.SetItem(0, Base.Vips[0] with { Addresses = [Base.Vips[0].Addresses[0]] }) }));
        Assert.Equal(
            ["WEIR1606 sites.fra1"],
            Refused(two, two with { Sites = two.Sites.RemoveAll(s => s.Name == "fra1"), Vips = [.. two.Vips.Select(v => v with { Sites = ["ams1"] })] }));
    }

    [Fact]
    public void What_another_VIP_takes_over_is_not_withdrawn()
    {
        Vip merged = Base.Vips[0] with { Addresses = [.. Base.Vips[0].Addresses.Concat(Base.Vips[1].Addresses)] };
        Assert.Empty(Refused(Base, Base with { Vips = [merged, Base.Vips[2]] }));
        Assert.Empty(Refused(Base, Base with { Vips = Base.Vips.SetItem(0, Base.Vips[0] with { Name = "renamed" }) }));
    }

    [Fact]
    public void Packets_that_no_longer_fit_are_refused()
    {
        Assert.Equal(["WEIR1608 sites.ams1", "WEIR1608 sites.ams1"], Refused(Base, WithSite(Base, s => s with { Mtu = 1400 })));
        Assert.Empty(Refused(Base, WithSite(Base, s => s with { Mtu = 9000 })));
        Assert.Contains("WEIR1607 sites.ams1", Refused(Base, WithSite(Base, s => s with { Mtu = 1290 })));
    }

    [Fact]
    public void Maps_stay_within_either_budget()
    {
        Topology tight = WithSite(Base, s => s with { Limits = s.Limits with { MapMemory = 1 << 10 } });
        Assert.Equal(["WEIR1609 sites.ams1"], Refused(Base, tight));
        // What is over already and does not grow is no news; taking the budget away in the same change does not help.
        Assert.Empty(Refused(tight, WithPool(tight, p => p with { Backends = Drain(p.Backends, 1) })));
        Topology more = WithPool(Base, p => p with { Capacity = 1024 });
        Assert.Equal(["WEIR1609 sites.ams1"], Refused(tight, more));
    }

    [Fact]
    public void Too_much_of_a_VIP_moves()
    {
        Topology strict = Base with { Vips = [.. Base.Vips.Select((v, i) => i == 0 ? v with { Policy = v.Policy with { MaxMoving = 5 } } : v)] };
        Topology after = WithPool(Base, p => p with { Backends = Drain(p.Backends, 1) });
        Assert.Equal(["WEIR1610 vips.vip-0000"], Refused(strict, after));
    }

    [Fact]
    public void Protection_is_read_from_what_is_live()
    {
        Topology before = Base with { Vips = Base.Vips.SetItem(2, Base.Vips[2] with { Protected = true }) };
        Topology gone = Base with { Vips = Base.Vips.RemoveAt(2) };
        Assert.Equal(["WEIR1603 vips.vip-0002", "WEIR1611 vips.vip-0002"], Refused(before, gone));
        Assert.Empty(Refused(before, Base));
        Assert.Empty(Refused(before, before with { Vips = before.Vips.SetItem(2, before.Vips[2] with { Name = "other" }) }));
        Topology twoPools = Samples.Topology(2, pools: 2);
        Topology guarded = twoPools with { Pools = twoPools.Pools.SetItem(1, twoPools.Pools[1] with { Protected = true }) };
        Topology without = twoPools with { Pools = [twoPools.Pools[0]], Vips = [.. twoPools.Vips.Select(v => v with { Pool = "pool-000" })] };
        Assert.Contains("WEIR1611 pools.pool-001", Refused(guarded, without));
    }

    [Fact]
    public void Another_seed_is_one_finding() =>
        Assert.Equal(["WEIR1612 seed"], Refused(Base with { Vips = [.. Base.Vips.Select(v => v with { Policy = v.Policy with { MaxMoving = 1 } })] }, Base with { Seed = "other" }));

    [Fact]
    public void An_override_is_for_one_code_and_one_object()
    {
        Topology after = Base with { Vips = Base.Vips.RemoveRange(1, 2) };
        TopologyPlan plan = PlanOf.Topologies(Base, after, Allow("WEIR1603 vips.vip-0001"), Allow("WEIR1601 vips.vip-0002"));
        Assert.Equal([true, false], plan.Findings.Select(f => f.AllowedBy is not null));
        Assert.True(plan.IsRefused);
        Assert.Equal("WEIR1601", Assert.Single(plan.UnusedOverrides).Code);
        string text = new PlanText("", color: false).Render(plan);
        Assert.Contains("allowed by commit 0123456789ab", text, StringComparison.Ordinal);
        Assert.Contains("Weir-Allow: WEIR1603 vips.vip-0002\n", text, StringComparison.Ordinal);
        Assert.Contains("--allow WEIR1603:vips.vip-0002\n", text, StringComparison.Ordinal);
        TopologyPlan allowed = PlanOf.Topologies(Base, after, Allow("WEIR1603 vips.vip-0001"), Allow("WEIR1603:vips.vip-0002"));
        Assert.False(allowed.IsRefused);
        Assert.Equal(plan.Digest, allowed.Digest);
    }

    [Theory]
    [InlineData("")]
    [InlineData("WEIR1601")]
    [InlineData("WEIR1201 pools.web")]
    [InlineData("WEIR16x1 pools.web")]
    [InlineData("WEIR1601 pools.web and more")]
    public void What_is_no_override_is_told(string text) => Assert.Null(GateOverride.Parse(text, "x"));

    private static GateOverride Allow(string text) => GateOverride.Parse(text, "0123456789abcdef0123456789abcdef01234567")!;

    private static string[] Refused(Topology before, Topology after) =>
        [.. PlanOf.Topologies(before, after).Findings.Where(f => f.AllowedBy is null).Select(f => $"{f.Code} {f.Target}")];

    private static ImmutableArray<Backend> Drain(ImmutableArray<Backend> backends, int count) =>
        [.. backends.Select((b, i) => i < count ? b with { State = i % 2 == 0 ? BackendState.Drain : BackendState.Down } : b)];

    private static Topology WithPool(Topology topology, Func<Pool, Pool> change) => topology with { Pools = topology.Pools.SetItem(0, change(topology.Pools[0])) };

    private static Topology WithSite(Topology topology, Func<Site, Site> change) => topology with { Sites = topology.Sites.SetItem(0, change(topology.Sites[0])) };

    private static Topology TwoSites(Topology topology) => topology with
    {
        Sites = topology.Sites.Add(topology.Sites[0] with { Name = "fra1" }),
        Vips = [.. topology.Vips.Select(v => v with { Sites = ["ams1", "fra1"] })],
    };
}
