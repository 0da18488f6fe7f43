using Weir.Compiler.Rings;
using Weir.Compiler.Topologies;
using Xunit;

namespace Weir.Compiler.Tests.Rings;

/// <summary>What leaves when a backend leaves: its own slots, and at most 2 % of others.</summary>
public sealed class DisruptionTests(ITestOutputHelper output)
{
    [Theory]
    [InlineData(32, 2, 20)]
    [InlineData(32, 3, 100)]
    [InlineData(32, 4, 60)]
    [InlineData(32, 5, 60)]
    [InlineData(32, 8, 20)]
    [InlineData(32, 12, 10)]
    [InlineData(32, 16, 8)]
    [InlineData(64, 32, 4)]
    [InlineData(128, 64, 2)]
    [InlineData(256, 128, 1)]
    [InlineData(512, 256, 1)]
    [InlineData(2048, 1000, 1)]
    public void One_leaver_moves_at_most_two_percent_of_the_slots_of_others(int capacity, int backends, int rings)
    {
        foreach ((string name, Func<int, int> weight) in Weights)
        {
            int bits = RingSize.Bits(RingAlgorithm.Maglev, capacity, Enumerable.Range(0, backends).Select(weight));
            int worst = 0;
            for (int seed = 0; seed < rings; seed++)
            {
                RingMember[] members = RingSamples.Of(backends, seed, weight);
                worst = Math.Max(worst, RingMeasure.Collateral(new Maglev(), members, Maglev.Build(members, bits), bits, leavers: bits > 13 ? 2 : 64));
            }

            output.WriteLine($"{backends} backends, {name}, {1 << bits} slots: at most {worst / 10_000m:0.00} % of slots move between staying backends");
            Assert.InRange(worst, 0, 20_000);
        }
    }

    private static readonly (string Name, Func<int, int> Weight)[] Weights =
    [
        ("equal", _ => 100),
        ("1:2", i => i % 2 == 0 ? 50 : 100),
        ("1:10", i => i % 2 == 0 ? 10 : 100),
        ("1:100", i => i % 2 == 0 ? 1 : 100),
        ("1 to 64", i => 1 + (i * 37 % 64)),
    ];
}
