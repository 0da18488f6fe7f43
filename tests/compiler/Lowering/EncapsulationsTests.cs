using System.Collections.Immutable;
using System.Net;
using Weir.Compiler.Diagnostics;
using Weir.Compiler.Emit;
using Weir.Compiler.Planning;
using Weir.Compiler.Topologies;
using Xunit;

namespace Weir.Compiler.Tests.Lowering;

/// <summary>Whose word counts for a backend's encapsulation.</summary>
public sealed class EncapsulationsTests
{
    private static readonly OuterSource Pool4 = new(IPAddress.Parse("10.10.0.9"), 32);
    private static readonly OuterSource AtSite4 = new(IPAddress.Parse("10.20.0.9"), 32);
    private static readonly OuterSource Backend4 = new(IPAddress.Parse("10.30.0.0"), 24);
    private static readonly OuterSource Pool6 = new(IPAddress.Parse("fd00:99::9"), 128);

    [Fact]
    public void The_narrowest_scope_that_names_a_source_of_the_family_wins()
    {
        Topology topology = Samples.Topology(1, backends: 4);
        OuterSource site4 = topology.Sites[0].Encapsulation.SourceV4!;
        OuterSource site6 = topology.Sites[0].Encapsulation.SourceV6!;
        Pool pool = topology.Pools[0] with
        {
            Encapsulation = Only(Pool4, Pool6),
            Sites = ImmutableSortedDictionary<string, PoolAtSite>.Empty.Add("ams1", new PoolAtSite(null, Only(AtSite4))).Add("fra1", new PoolAtSite(null, Only(Backend4))),
        };
        pool = pool with { Backends = pool.Backends.SetItem(2, pool.Backends[2] with { Encapsulation = Only(Backend4) }) };

        SitePlan plan = Samples.Plan(topology with { Pools = [pool] });
        Assert.Equal(new EncapsulationPlan(EncapsulationType.Ipip, site4, site6), plan.Encapsulations[0]);
        Assert.All(plan.Pools[0].Backends, b => Assert.Equal(
            new EncapsulationPlan(EncapsulationType.Ipip, b.Name == "b-0002" ? Backend4 : AtSite4, Pool6),
            plan.Encapsulations[b.Encapsulation]));
        Assert.Equal(3, plan.Encapsulations.Length);
        Assert.Equal(1, plan.Pools[0].Backends[0].Encapsulation);
    }

    [Fact]
    public void A_scope_that_says_what_holds_anyway_is_no_other_encapsulation()
    {
        Topology topology = Samples.Topology(1);
        Pool pool = topology.Pools[0] with { Encapsulation = Only(topology.Sites[0].Encapsulation.SourceV4) };
        SitePlan plan = Samples.Plan(topology with { Pools = [pool] });
        Assert.Single(plan.Encapsulations);
        Assert.All(plan.Pools[0].Backends, b => Assert.Equal(0, b.Encapsulation));
    }

    [Fact]
    public void A_bundle_reads_back_with_encapsulations_ranges_and_preferences()
    {
        Topology topology = Samples.Topology(2, backends: 4);
        Pool pool = topology.Pools[0] with
        {
            Prefer = new Preference(false, ImmutableSortedDictionary<string, string>.Empty.Add("tier", "gold")),
            Encapsulation = Only(Pool4),
            Backends =
            [
                topology.Pools[0].Backends[0] with { Labels = ImmutableSortedDictionary<string, string>.Empty.Add("tier", "gold") },
                topology.Pools[0].Backends[1] with { State = BackendState.Down },
                topology.Pools[0].Backends[2] with { Encapsulation = Only(Backend4, Pool6) },
                topology.Pools[0].Backends[3],
            ],
        };
        Vip vip = topology.Vips[0] with { Ranges = [IPNetwork.Parse("2001:db8:1::/64"), IPNetwork.Parse("198.51.100.0/28")] };
        SiteCompilation made = SiteCompilation.Compile(topology with { Pools = [pool], Vips = topology.Vips.SetItem(0, vip) }, "ams1", null);
        (VerifiedBundle? read, ImmutableArray<string> problems) = BundleReader.Read(made.Bundle!);
        Assert.Empty(problems);
        SitePlan plan = read!.ToSitePlan();
        Assert.Equal(made.Plan!.Encapsulations, plan.Encapsulations);
        Assert.Equal(3, plan.Encapsulations.Length);
        Assert.Equal(made.Plan.Pools[0].Backends, plan.Pools[0].Backends);
        Assert.Contains(plan.Pools[0].Backends, b => b.State == BackendState.Down);
        Assert.Equal([IPNetwork.Parse("198.51.100.0/28"), IPNetwork.Parse("2001:db8:1::/64")], plan.Vips[0].Ranges);
    }

    private static EncapsulationOverride Only(OuterSource? v4, OuterSource? v6 = null) => new(null, v4, v6, SourceSpan.None);
}
