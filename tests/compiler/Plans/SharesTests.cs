using System.Collections.Immutable;
using System.Net;
using Weir.Compiler.Model;
using Weir.Compiler.Planning;
using Weir.Compiler.Plans;
using Weir.Compiler.Tests.Lowering;
using Weir.Compiler.Topologies;
using Xunit;

namespace Weir.Compiler.Tests.Plans;

/// <summary>The shares that a plan states, against every slot counted one by one and against flows sent through the reference model.</summary>
public sealed class SharesTests
{
    private const int Flows = 20_000;

    private static readonly Topology Base = Samples.Topology(4, pools: 2, backends: 6, ipv6: false, ports: "tcp/80");

    public static TheoryData<string> Changes => ["drain", "add", "remove", "weight", "readdress", "resize", "other pool", "empty", "everything"];

    [Theory]
    [MemberData(nameof(Changes))]
    public void Shares_are_those_of_the_slots(string change)
    {
        Topology after = Changed(change);
        SitePlan old = Samples.Plan(Base);
        SitePlan now = Samples.Plan(after);
        SiteChange site = Assert.Single(PlanOf.Topologies(Base, after).Sites);
        for (int vip = 0; vip < old.Vips.Length; vip++)
        {
            // 2^16 points of the hash space: as many as the largest ring may have slots.
            var pairs = new Dictionary<(IPAddress?, IPAddress?), int>();
            for (int point = 0; point < 1 << 16; point++)
            {
                (IPAddress? From, IPAddress? To) pair = (Server(old, vip, point), Server(now, vip, point));
                if (!Equals(pair.From, pair.To))
                {
                    pairs[pair] = pairs.GetValueOrDefault(pair) + 1;
                }
            }

            VipTraffic? traffic = site.Traffic.SingleOrDefault(t => t.Vip == old.Vips[vip].Name);
            Assert.Equal(pairs.Count > 0, traffic is not null);
            if (traffic is null)
            {
                continue;
            }

            PoolMove move = site.Moves[traffic.Move!.Value];
            Assert.True(move.Exact);
            int unit = (int)((1 << 16) / move.Slots);
            Assert.Equal(pairs.Values.Sum(), move.Moved * unit);
            Assert.Equal(pairs.Values.Order(), move.Pairs.Select(p => (int)p.Slots * unit).Order());
            Assert.Equal((int)((((long)pairs.Values.Sum() * 1_000_000) + 65_535) / 65_536), traffic.MovedPpm);
            Assert.Equal(((pairs.Values.Sum() * Limits.DefaultMaxFlows) + 65_535) / 65_536, traffic.FlowsAtMost);
        }
    }

    [Theory]
    [MemberData(nameof(Changes))]
    public void Flows_move_as_often_as_the_shares_say(string change) => CompareWithFlows(Changed(change), Samples.Plan(Base));

    [Fact]
    public void Under_another_seed_the_share_is_that_of_independent_draws() => CompareWithFlows(Base with { Seed = "another" }, Samples.Plan(Base));

    private static void CompareWithFlows(Topology after, SitePlan old)
    {
        SitePlan now = Samples.Plan(after);
        SiteChange site = Assert.Single(PlanOf.Topologies(Base, after).Sites);
        for (int vip = 0; vip < old.Vips.Length; vip++)
        {
            // Flows drawn by a fixed generator: the test says the same every time.
            Random random = new(vip);
            var source = new byte[4];
            int moved = 0;
            for (int flow = 0; flow < Flows; flow++)
            {
                random.NextBytes(source);
                ushort port = (ushort)random.Next(1024, 65_536);
                moved += Equals(Server(old, vip, source, port), Server(now, vip, source, port)) ? 0 : 1;
            }

            double expected = (site.Traffic.SingleOrDefault(t => t.Vip == old.Vips[vip].Name)?.MovedPpm ?? 0) / 1e6;
            double deviation = Math.Sqrt(expected * (1 - expected) / Flows);
            Assert.InRange((double)moved / Flows, expected - (5 * deviation) - 1e-6, expected + (5 * deviation) + 1e-6);
        }
    }

    private static IPAddress? Server(SitePlan plan, int vip, int point)
    {
        PoolPlan pool = plan.Pools[plan.Vips[vip].Pool];
        ushort owner = pool.Ring[point >> (16 - int.Log2(pool.Ring.Length))];
        return owner == PoolPlan.NoBackend ? null : pool.Backends[owner].Address;
    }

    private static IPAddress? Server(SitePlan plan, int vip, byte[] source, ushort port)
    {
        PoolPlan pool = plan.Pools[plan.Vips[vip].Pool];
        FlowHash hash = FlowHash.Of(plan.HashKey, source, plan.Vips[vip].Addresses[0].GetAddressBytes(), 6, port, 80);
        ushort owner = pool.Ring[hash.Slot(int.Log2(pool.Ring.Length))];
        return owner == PoolPlan.NoBackend ? null : pool.Backends[owner].Address;
    }

    private static Topology Changed(string change)
    {
        Pool pool = Base.Pools[0];
        ImmutableArray<Backend> backends = pool.Backends;
        Backend fresh = new("fresh", IPAddress.Parse("10.99.0.1"), 300, BackendState.Active, default);
        return change switch
        {
            "drain" => With(pool with { Backends = backends.SetItem(1, backends[1] with { State = BackendState.Drain }) }),
            "add" => With(pool with { Backends = backends.Add(fresh) }),
            "remove" => With(pool with { Backends = backends.RemoveAt(3) }),
            "weight" => With(pool with { Backends = backends.SetItem(0, backends[0] with { Weight = 37 }) }),
            "readdress" => With(pool with { Backends = backends.SetItem(0, backends[0] with { Address = fresh.Address }) }),
            "resize" => With(pool with { Capacity = 128 }),
            "other pool" => Base with { Vips = Base.Vips.SetItem(0, Base.Vips[0] with { Pool = "pool-001" }) },
            "empty" => With(pool with { Backends = [.. backends.Select(b => b with { State = BackendState.Down })] }),
            _ => With(pool with { Capacity = 64, Backends = backends.RemoveAt(2).Add(fresh) }) with { Vips = Base.Vips.SetItem(1, Base.Vips[1] with { Pool = "pool-000" }) },
        };
    }

    private static Topology With(Pool pool) => Base with { Pools = Base.Pools.SetItem(0, pool) };
}
