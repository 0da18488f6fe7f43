using Weir.Compiler.Planning;
using Weir.Compiler.Rings;
using Weir.Compiler.Tests.Lowering;
using Weir.Compiler.Topologies;
using Xunit;

namespace Weir.Compiler.Tests.Rings;

public sealed class RingChangesTests
{
    private static readonly Topology Before = Samples.Topology(4, pools: 2, backends: 6);

    [Fact]
    public void Nothing_moves_between_equal_plans() => Assert.All(
        RingChanges.Between(Samples.Plan(Before), Samples.Plan(Before)), c => Assert.Equal((RingChange.Compared, 0, 0), (c.Change, c.Moved, c.Ranges.Length)));

    [Fact]
    public void A_drain_names_every_slot_that_moves()
    {
        SitePlan before = Samples.Plan(Before);
        SitePlan after = Samples.Plan(With(p => p with { Backends = p.Backends.SetItem(3, p.Backends[3] with { State = BackendState.Drain }) }));
        PoolRingChange change = RingChanges.Between(before, after)[0];
        var moved = new string?[4096];
        foreach (MovedSlots range in change.Ranges)
        {
            Assert.NotEqual(range.From, range.To);
            Array.Fill(moved, range.From + " " + range.To, range.First, range.Last - range.First + 1);
        }

        for (int slot = 0; slot < 4096; slot++)
        {
            string from = before.Pools[0].Backends[before.Pools[0].Ring[slot]].Name;
            string to = after.Pools[0].Backends[after.Pools[0].Ring[slot]].Name;
            Assert.Equal(from == to ? null : from + " " + to, moved[slot]);
        }

        Assert.Equal(moved.Count(m => m is not null), change.Moved);
        Assert.Equal((int)(change.Moved * 1_000_000L / 4096), change.MovedPpm);
        Assert.InRange(change.Moved, change.Ranges.Length, (4096 / 5) + (4096 / 50));
        Assert.Equal(0, RingChanges.Between(before, after)[1].Moved);
    }

    [Fact]
    public void A_renamed_backend_keeps_its_slots() => Assert.All(
        RingChanges.Between(Samples.Plan(Before), Samples.Plan(With(p => p with { Backends = [.. p.Backends.Select(b => b with { Name = "x" + b.Name })] }))),
        c => Assert.Equal(0, c.Moved));

    [Fact]
    public void What_cannot_be_compared_is_said()
    {
        Assert.Equal(RingChange.Resized, RingChanges.Between(Samples.Plan(Before), Samples.Plan(With(p => p with { Capacity = 64 })))[0].Change);
        Assert.Equal(RingChange.Rekeyed, RingChanges.Between(Samples.Plan(Before), Samples.Plan(Before with { Seed = "other" }))[0].Change);
        Topology one = Samples.Topology(4, pools: 1, backends: 6);
        Assert.Equal([RingChange.Compared, RingChange.Removed], RingChanges.Between(Samples.Plan(Before), Samples.Plan(one)).Select(c => c.Change));
        Assert.Equal([RingChange.Compared, RingChange.Added], RingChanges.Between(Samples.Plan(one), Samples.Plan(Before)).Select(c => c.Change));
    }

    [Fact]
    public void Slots_that_lose_every_backend_go_to_none()
    {
        PoolRingChange change = RingChanges.Between(
            Samples.Plan(Before),
            Samples.Plan(With(p => p with { Backends = [.. p.Backends.Select(b => b with { Weight = 0 })] })))[0];
        Assert.Equal(4096, change.Moved);
        Assert.All(change.Ranges, r => Assert.Null(r.To));
    }

    private static Topology With(Func<Pool, Pool> change) => Before with { Pools = Before.Pools.SetItem(0, change(Before.Pools[0])) };
}
