using Weir.Applier.Apply;
using Weir.Applier.Generations;
using Weir.Applier.Status;
using Xunit;

namespace Weir.Applier.Tests.Apply;

/// <summary>A SIGKILL at any instant leaves the old generation or the new one, and the next start knows which.</summary>
public class KillTests
{
    private static readonly TestTopology Before = TestTopology.Of(1, 2, 3);

    /// <summary>Leaves, joins, and moves slots: every phase of stores has work.</summary>
    private static readonly TestTopology OtherBackends = TestTopology.Of(1, 3, 4);

    private static readonly TestTopology OtherTables = Before with { Vips = 6 };

    [Theory]
    [InlineData(ApplyPoint.Proven, false)]
    [InlineData(ApplyPoint.Recorded, false)]
    [InlineData(ApplyPoint.Pinned, false)]
    [InlineData(ApplyPoint.Linked, true)]
    [InlineData(ApplyPoint.Counted, true)]
    [InlineData(ApplyPoint.Current, true)]
    public void A_swap(ApplyPoint point, bool committed)
    {
        using TestHost host = new();
        uint old = host.Apply(Before).Program.Id;
        host.ApplyAndKill(OtherTables, point);
        Assert.Equal(committed, host.Attached() != old);
        Assert.NotEqual(0u, host.Attached());
        InterfaceStatus between = host.Status();
        Assert.Equal((InterfaceCondition.Live, committed ? 2 : 1), (between.State, between.Live!.Generation));

        ApplyOutcome outcome = host.Apply(OtherTables);
        Assert.Equal(committed ? ChangeKind.None : ChangeKind.Tables, outcome.Change);
        Assert.Equal(committed && point != ApplyPoint.Current, outcome.Recovered is not null);
        AssertSettled(host, generation: 2);
    }

    [Theory]
    [InlineData(ApplyPoint.Recorded, false)]
    [InlineData(ApplyPoint.Journaled, true)]
    [InlineData(ApplyPoint.StoringRows, true)]
    [InlineData(ApplyPoint.StoringRing, true)]
    [InlineData(ApplyPoint.StoringFreed, true)]
    [InlineData(ApplyPoint.Stored, true)]
    [InlineData(ApplyPoint.Current, true)]
    public void Stores(ApplyPoint point, bool committed)
    {
        using TestHost host = new();
        uint program = host.Apply(Before).Program.Id;
        host.ApplyAndKill(OtherBackends, point);
        Assert.Equal(program, host.Attached());

        ApplyOutcome outcome = host.Apply(OtherBackends);
        Assert.Equal(committed ? ChangeKind.None : ChangeKind.Population, outcome.Change);
        Assert.Equal(committed, outcome.Recovered is not null);
        AssertSettled(host, generation: 2);
    }

    [Theory]
    [InlineData(ApplyPoint.Pinned, 0)]
    [InlineData(ApplyPoint.Linked, 1)]
    public void The_first_apply(ApplyPoint point, int generation)
    {
        using TestHost host = new();
        host.ApplyAndKill(Before, point);
        Assert.Equal(generation == 0, host.Attached() == 0);
        ApplyOutcome outcome = host.Apply(Before);
        Assert.Equal(generation == 0 ? ChangeKind.Program : ChangeKind.None, outcome.Change);
        AssertSettled(host, generation: 1);
    }

    [Fact]
    public void After_a_kill_the_way_back_is_open_too()
    {
        using TestHost host = new();
        host.Apply(Before);
        host.ApplyAndKill(OtherBackends, ApplyPoint.StoringRing);
        ApplyOutcome outcome = host.Apply(Before);
        Assert.Equal(ChangeKind.Population, outcome.Change);
        AssertSettled(host, generation: 3);
    }

    private static void AssertSettled(TestHost host, int generation)
    {
        InterfaceStatus status = host.Status();
        Assert.Equal((InterfaceCondition.Live, ""), (status.State, status.Detail));
        Assert.Equal(generation, status.Live!.Generation);
        Assert.Equal([$"gen-{status.Live.Instance}", "link"], host.Pinned);
        Assert.Equal(status.Live.Program.Id, host.Attached());
    }
}
