using System.Collections.Immutable;
using System.Globalization;
using System.Net;
using Weir.Compiler.Lookup;
using Weir.Compiler.Model;
using Weir.Compiler.Planning;
using Weir.Compiler.Plans;
using Weir.Compiler.Tests.Lowering;
using Weir.Compiler.Topologies;
using Xunit;

namespace Weir.Compiler.Tests.Plans;

/// <summary>What a plan says of sources, against single clients sent through the reference model of either side.</summary>
public sealed class SourceSharesTests
{
    private static readonly Topology Base = Samples.Topology(1, pools: 3, backends: 6, ports: "tcp/80");

    [Fact]
    public void Clients_go_where_the_plan_says()
    {
        Random random = new(1230);
        int routed = 0;
        for (int round = 0; round < 40; round++)
        {
            Topology before = Draw(random);
            Topology after = Draw(random);
            SiteChange site = Assert.Single(PlanOf.Topologies(before, after).Sites);
            VipTraffic? traffic = site.Traffic.SingleOrDefault();
            (SitePlan planBefore, SitePlan planAfter) = (Samples.Plan(before), Samples.Plan(after));
            (PacketModel old, PacketModel now) = (Model(planBefore), Model(planAfter));
            IPNetwork[] prefixes = [.. new[] { before, after }.SelectMany(t => t.Vips).SelectMany(v => v.Sources.Allow.Concat(v.Sources.Deny).Concat(v.Routes.Select(r => r.Source)))];
            foreach (IPAddress client in prefixes.SelectMany(p => new[] { p.BaseAddress, RangeEdges.Last(p) }).Append(IPAddress.Parse("192.0.2.1")))
            {
                string[] said = [.. Said(traffic, site, client)];
                string expected = (Ask(old, planBefore, client), Ask(now, planAfter, client)) switch
                {
                    (null, null) => "",
                    (null, _) => "admitted",
                    (_, null) => "denied",
                    var (from, to) => from == to ? "" : $"pool-{from:000} pool-{to:000}",
                };
                Assert.Equal(expected.Length == 0 ? [] : [expected], said);
                routed += expected.StartsWith("pool", StringComparison.Ordinal) ? 1 : 0;
            }
        }

        Assert.True(routed > 50);
    }

    [Fact]
    public void Another_hash_is_a_draw_of_all_flows_and_the_gate_holds_it_against_the_policy()
    {
        Vip vip = Base.Vips[0] with { Policy = Base.Vips[0].Policy with { MaxMoving = 50 } };
        Topology before = Base with { Vips = [vip] };
        TopologyPlan plan = PlanOf.Topologies(before, Base with { Vips = [vip with { Hash = HashPolicy.SourceAddress }] });
        SiteChange site = Assert.Single(plan.Sites);
        VipTraffic traffic = Assert.Single(site.Traffic);
        PoolMove move = site.Moves[traffic.Move!.Value];
        Assert.False(move.Exact);

        // Six backends, one of half the weight: of two independent draws 1 - (5 * 4 + 1) / 121 differ, but for the ring's rounding.
        Assert.InRange(traffic.MovedPpm, 825_000, 828_000);
        Assert.Contains(plan.Findings, f => f is { Code: "WEIR1609" or "WEIR1610", Target: "vips.vip-0000" });
        Assert.Equal(KindOfChange.Program, site.Kind);
    }

    private static Topology Draw(Random random)
    {
        IPNetwork[] prefixes = [.. Enumerable.Range(0, 9).Select(_ => Prefix(random)).Distinct()];
        return Base with
        {
            Vips =
            [
                Base.Vips[0] with
                {
                    Sources = new SourceLists([.. prefixes.Take(random.Next(0, 4))], [.. prefixes.Skip(3).Take(random.Next(0, 3))]),
                    Routes = [.. prefixes.Skip(random.Next(2, 7)).Select(p => new SourceRoute(p, $"pool-{random.Next(0, 3):000}"))],
                },
            ],
        };
    }

    private static IPNetwork Prefix(Random random)
    {
        byte[] bytes = [10, (byte)random.Next(0, 4), (byte)(random.Next(0, 2) * 128), 0];
        int length = random.Next(6, 20);
        return new IPNetwork(new IPAddress(PrefixBits.And(bytes, PrefixBits.Mask(length, 4))), length);
    }

    private static PacketModel Model(SitePlan plan) => new(plan, new HostState(null, null));

    /// <summary>Number of the pool, or null where the client is denied.</summary>
    private static int? Ask(PacketModel model, SitePlan plan, IPAddress client)
    {
        IpFields ip = new(client, plan.Vips[0].Addresses[0]);
        Verdict verdict = model.Process(FrameWriter.Frame(ip, 6, FrameWriter.Transport(ip, 6, 7, 80, 0)));
        Assert.NotNull(verdict.Flow);
        return verdict.Flow.Denied ? null : int.Parse(plan.Pools[verdict.Flow.Pool].Name[5..], CultureInfo.InvariantCulture);
    }

    private static IEnumerable<string> Said(VipTraffic? traffic, SiteChange site, IPAddress client)
    {
        foreach (RoutedMove route in (traffic?.Routes ?? []).Where(r => r.Sources.Any(s => Holds(s, client))))
        {
            PoolMove move = site.Moves[route.Move];
            yield return $"{move.PoolBefore} {move.PoolAfter}";
        }

        if (traffic?.Denied.Concat(traffic.Withdrawn.Select(w => w["sources ".Length..])).Any(s => Holds(s, client)) == true)
        {
            yield return "denied";
        }

        if (traffic?.Admitted.Any(s => Holds(s, client)) == true)
        {
            yield return "admitted";
        }
    }

    private static bool Holds(string block, IPAddress client)
    {
        if (IPNetwork.TryParse(block, out IPNetwork prefix))
        {
            return prefix.Contains(client);
        }

        ImmutableArray<UInt128> edges = [.. block.Split('-').Select(a => SourceIntervals.Number(IPAddress.Parse(a)))];
        return !block.Contains(':', StringComparison.Ordinal) && edges[0] <= SourceIntervals.Number(client) && SourceIntervals.Number(client) <= edges[^1];
    }
}
