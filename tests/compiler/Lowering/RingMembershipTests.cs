using System.Collections.Immutable;
using Weir.Compiler.Planning;
using Weir.Compiler.Topologies;
using Xunit;

namespace Weir.Compiler.Tests.Lowering;

/// <summary>Who takes new flows at a site.</summary>
public sealed class RingMembershipTests
{
    private static readonly Preference Gold = new(false, ImmutableSortedDictionary<string, string>.Empty.Add("tier", "gold"));
    private static readonly Preference Local = new(true, ImmutableSortedDictionary<string, string>.Empty);

    [Fact]
    public void Preferred_backends_own_every_slot()
    {
        Assert.Equal(["b-0000", "b-0001"], Owners(Pool(Gold)));
        Assert.Equal(["b-0000", "b-0002"], Owners(Pool(Local)));
        Assert.Equal(["b-0000"], Owners(Pool(Gold with { Local = true })));
        Assert.Equal(["b-0000", "b-0001", "b-0002", "b-0003"], Owners(Pool(Preference.Any)));
    }

    [Theory]
    [InlineData(BackendState.Drain, 100)]
    [InlineData(BackendState.Down, 100)]
    [InlineData(BackendState.Active, 0)]
    public void The_rest_takes_over_when_no_preferred_one_is_active_with_weight(BackendState state, int weight)
    {
        Pool pool = Pool(Gold);
        pool = pool with { Backends = [.. pool.Backends.Select((b, i) => i < 2 ? b with { State = state, Weight = weight } : b)] };
        Assert.Equal(["b-0002", "b-0003"], Owners(pool));
        pool = pool with { Backends = pool.Backends.SetItem(1, Pool(Gold).Backends[1]) };
        Assert.Equal(["b-0001"], Owners(pool));
    }

    [Fact]
    public void What_a_pool_says_of_the_site_goes_before_what_it_says_of_all()
    {
        Pool pool = Pool(Gold) with { Sites = ImmutableSortedDictionary<string, PoolAtSite>.Empty.Add("ams1", new PoolAtSite(Preference.Any, null)) };
        Assert.Equal(4, Owners(pool).Length);
        Assert.Equal(["b-0000", "b-0001"], RingMembership.Of(pool, "fra1").Select(b => b.Name));
        Assert.True(RingMembership.DependsOnSite(pool));
        Assert.False(RingMembership.DependsOnSite(Pool(Gold)));
        Assert.True(RingMembership.DependsOnSite(Pool(Local)));
    }

    [Fact]
    public void Unpreferred_backends_stay_rows()
    {
        SitePlan plan = Plan(Pool(Gold));
        Assert.Equal(["b-0000", "b-0001"], plan.Pools[0].Backends.Where(b => b.Preferred).Select(b => b.Name).Order());
        Assert.Equal(4, plan.Pools[0].Backends.Length);
        Assert.All(Plan(Pool(Preference.Any)).Pools[0].Backends, b => Assert.True(b.Preferred));
    }

    [Fact]
    public void A_vip_takes_the_pool_of_the_site()
    {
        Topology topology = Samples.Topology(1, pools: 2);
        topology = topology with { Vips = [topology.Vips[0] with { PoolsAtSites = ImmutableSortedDictionary<string, string>.Empty.Add("ams1", "pool-001") }] };
        Assert.Equal(["pool-001"], Samples.Plan(topology).Pools.Select(p => p.Name));
    }

    /// <summary>The first two are gold, the first and third stand at the site.</summary>
    private static Pool Pool(Preference prefer)
    {
        Pool pool = Samples.Topology(1, backends: 4).Pools[0];
        return pool with
        {
            Prefer = prefer,
            Backends =
            [
                .. pool.Backends.Select((b, i) => b with
                {
                    Site = i % 2 == 0 ? "ams1" : "fra1",
                    Labels = ImmutableSortedDictionary<string, string>.Empty.Add("tier", i < 2 ? "gold" : "iron"),
                }),
            ],
        };
    }

    private static SitePlan Plan(Pool pool) => Samples.Plan(Samples.Topology(1) with { Pools = [pool] });

    private static string[] Owners(Pool pool)
    {
        PoolPlan plan = Plan(pool).Pools[0];
        return [.. plan.Ring.Distinct().Select(owner => plan.Backends[owner].Name).Order(StringComparer.Ordinal)];
    }
}
