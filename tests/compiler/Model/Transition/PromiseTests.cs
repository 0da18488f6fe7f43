using Xunit;

namespace Weir.Compiler.Tests.Model.Transition;

/// <summary>The promise: a connection to a backend that stays active, draining or suspect, and that is never silent for longer than the holding time, never changes backend.</summary>
public sealed class PromiseTests(ITestOutputHelper output)
{
    private const int Seeds = 24;

    /// <summary>With room for all, for some and for eight flows, under floods.</summary>
    [Theory]
    [InlineData(64)]
    [InlineData(4)]
    [InlineData(1)]
    public void No_connection_changes_its_backend(int sets)
    {
        PoolSimulation[] pools = [.. Enumerable.Range(0, Seeds).Select(seed => Run(new PoolSimulation(seed, sets)))];
        string[] broken = [.. pools.SelectMany(pool => pool.Broken)];
        output.WriteLine($"{sets} sets: {pools.Sum(pool => pool.Checked)} packets, pressure {pools.Sum(pool => pool.Pressure)}, {broken.Length} broken");
        Assert.Empty(broken);
        Assert.All(pools, pool => Assert.True(pool.Checked > 1000 && pool.Pressure > 0));
    }

    /// <summary>The contrast: by the ring alone.</summary>
    [Fact]
    public void By_the_ring_alone_many_do() =>
        Assert.All(Enumerable.Range(0, Seeds), seed => Assert.True(Run(new PoolSimulation(seed, 1, plain: true)).Broken.Count > 100));

    [Fact]
    public void In_the_end_everything_settles_and_nothing_is_remembered()
    {
        Assert.All(Enumerable.Range(0, Seeds), seed =>
        {
            PoolSimulation pool = Run(new PoolSimulation(seed, 16));
            pool.Rest();
            Assert.Equal((PoolSimulation.Slots, 0), (pool.Settled, pool.Records));
        });
    }

    private static PoolSimulation Run(PoolSimulation pool)
    {
        pool.Begin(5);
        for (int step = 0; step < 200; step++)
        {
            pool.Step();
        }

        return pool;
    }
}
