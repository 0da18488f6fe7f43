using System.Globalization;
using CsCheck;
using Weir.Compiler.Rings;
using Weir.Compiler.Topologies;
using Xunit;

namespace Weir.Compiler.Tests.Rings;

public sealed class RendezvousTests(ITestOutputHelper output)
{
    private static readonly Rendezvous Rings = new();

    private static readonly Gen<int> AnyWeight = Gen.OneOf(Gen.Int[1, 65_535], Gen.Int[1, 100], Gen.Const(100));

    [Fact]
    public void Who_leaves_gives_away_its_own_slots_and_nothing_else() =>
        Gen.Select(RingSamples.Members(24, AnyWeight), Gen.Int[0, 23], Gen.Int[4, 13]).Sample((members, leaver, bits) =>
        {
            leaver %= members.Length;
            ushort[] ring = Rings.Build(members, bits);
            RingMember[] stay = [.. members.Where((_, i) => i != leaver)];
            ushort[] without = Rings.Build(stay, bits);
            for (int slot = 0; slot < ring.Length; slot++)
            {
                // Read backwards it says what one that joins takes.
                if (ring[slot] != leaver)
                {
                    Assert.Equal(members[ring[slot]], stay[without[slot]]);
                }
            }

            Assert.Equal(0, members.Length < 2 ? 0 : RingMeasure.MovedWithout(Rings, members, ring, bits, leaver));
        }, iter: 300);

    [Fact]
    public void Another_weight_moves_slots_to_or_from_its_backend_alone() =>
        Gen.Select(RingSamples.Members(24, AnyWeight), Gen.Int[0, 23], AnyWeight).Sample((members, at, weight) =>
        {
            at %= members.Length;
            bool heavier = weight > members[at].Weight;
            RingMember[] changed = [.. members];
            changed[at] = changed[at] with { Weight = weight };
            foreach ((ushort before, ushort after) in Rings.Build(members, 12).Zip(Rings.Build(changed, 12)).Where(p => p.First != p.Second))
            {
                Assert.Equal(at, heavier ? after : before);
            }
        }, iter: 300);

    [Theory]
    [InlineData(32, 2)]
    [InlineData(32, 5)]
    [InlineData(32, 16)]
    [InlineData(128, 64)]
    [InlineData(512, 250)]
    [InlineData(2048, 1000)]
    public void Shares_are_the_weights_within_binomial_bounds(int capacity, int backends)
    {
        foreach ((string name, Func<int, int> weight) in ((string, Func<int, int>)[])[("equal", _ => 100), ("1:2", i => 50 * (1 + (i % 2))), ("1 to 64", i => 1 + (i * 37 % 64)), ("1:65535", i => i % 2 == 0 ? 600 : 65_535)])
        {
            int bits = RingSize.Bits(RingAlgorithm.Rendezvous, capacity, Enumerable.Range(0, backends).Select(weight));
            RingMember[] members = RingSamples.Of(backends, 11, weight);
            ushort[] ring = Rings.Build(members, bits);
            int[] owned = RingSamples.Owned(members, ring);
            double total = members.Sum(m => (double)m.Weight);
            double worst = members.Zip(owned).Max(m =>
            {
                double mean = m.First.Weight / total * ring.Length;
                return Math.Abs(m.Second - mean) / Math.Sqrt(mean * (1 - (m.First.Weight / total)));
            });
            (int ppm, _) = RingMeasure.Imbalance(members, ring);
            output.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{backends} backends, {name}, {ring.Length} slots: {ppm / 10_000.0:0.00} % off at most, {worst:0.0} standard deviations; the lightest's is {Rings.Expected(members, bits).Ppm / 10_000.0:0.00} %"));
            Assert.InRange(worst, 0, 4.5);
        }
    }

    [Fact]
    public void No_weight_is_favoured_over_many_rings()
    {
        // What one ring's luck hides: that logarithms are too coarse would show as a share that is off in all of them.
        const int Seeds = 200;
        int[] weights = [1, 2, 3, 10, 100, 1000];
        long[] owned = new long[weights.Length];
        for (int seed = 0; seed < Seeds; seed++)
        {
            // Identities are sorted, so weights go round: no place in the order is always the same weight's.
            RingMember[] members = RingSamples.Of(weights.Length, seed, i => weights[(i + seed) % weights.Length]);
            foreach ((RingMember member, int slots) in members.Zip(RingSamples.Owned(members, Rings.Build(members, 14))))
            {
                owned[Array.IndexOf(weights, member.Weight)] += slots;
            }
        }

        double all = Seeds * 16_384.0;
        for (int i = 0; i < weights.Length; i++)
        {
            double share = weights[i] / (double)weights.Sum();
            Assert.InRange((owned[i] - (all * share)) / Math.Sqrt(all * share * (1 - share)), -4, 4);
        }
    }

    [Fact]
    public void The_expectation_is_the_standard_deviation_of_the_lightest() =>
        Gen.Select(RingSamples.Members(50, AnyWeight), Gen.Int[0, 16]).Sample((members, bits) =>
        {
            (int ppm, int lightest) = Rings.Expected(members, bits);
            double share = members.Min(m => m.Weight) / (double)members.Sum(m => (long)m.Weight);
            Assert.Equal(members.Min(m => m.Weight), members[lightest].Weight);
            double exact = 1e6 * Math.Sqrt((1 - share) / (share * (1 << bits)));
            Assert.InRange(ppm, exact - 0.01, exact + 1.01 + (exact * 1e-9));
        }, iter: 300);

    [Fact]
    public void Logarithms_are_right_and_in_order()
    {
        double worst = 0;
        foreach (ulong x in Near(RingSamples.Of(20_000, 3, _ => 1).Select(m => m.Identity)))
        {
            double exact = 64 - Math.Log2(x);
            double far = exact < 1e-6 ? 0 : Math.Abs((BinaryLogarithm.OfInverse(x) / Math.Pow(2, BinaryLogarithm.FractionBits)) - exact) / exact;
            worst = Math.Max(worst, far);
            Assert.True(x == ulong.MaxValue || BinaryLogarithm.OfInverse(x) >= BinaryLogarithm.OfInverse(x + 1));
        }

        output.WriteLine(string.Create(CultureInfo.InvariantCulture, $"off by at most {worst:e1} of a logarithm"));
        Assert.InRange(worst, 0, 1.3e-4);
        Assert.Equal(64ul << BinaryLogarithm.FractionBits, BinaryLogarithm.OfInverse(1));
        Assert.Equal(1ul << BinaryLogarithm.FractionBits, BinaryLogarithm.OfInverse(1ul << 63));
    }

    [Fact]
    public void Draws_are_those_of_SplitMix64() =>
        Assert.Equal([6457827717110365317, 3203168211198807973, 9817491932198370423, 4593380528125082431, 16408922859458223821], Enumerable.Range(0, 5).Select(i => Rendezvous.Draw(1234567, i)));

    [Fact]
    public void A_large_ring_is_filled_like_its_parts()
    {
        // Above a million draws it is filled by several threads; below, by one.
        RingMember[] members = RingSamples.Of(40, 5, i => 1 + i);
        ushort[] large = Rings.Build(members, 16);
        Assert.Equal(Rings.Build(members, 14), large[..16_384]);
    }

    [Fact]
    public void Nobody_and_a_single_member()
    {
        Assert.All(Rings.Build([], 12), owner => Assert.Equal(RingAlgorithms.Nobody, owner));
        Assert.All(Rings.Build([new RingMember(42, 65_535)], 12), owner => Assert.Equal(0, owner));
    }

    [Fact]
    public void The_ring_is_what_it_always_was()
    {
        // A changed builder moves live connections: this fails when the function changes, on purpose.
        ushort[] ring = Rings.Build(RingSamples.Of(10, 1, i => 1 + (i * 10)), 12);
        byte[] bytes = [.. ring.Select(owner => (byte)owner)];
        Assert.Equal("01c4049fe0506506", Convert.ToHexStringLower(System.Security.Cryptography.SHA256.HashData(bytes))[..16]);
    }

    private static IEnumerable<ulong> Near(IEnumerable<ulong> drawn) =>
        drawn.SelectMany(x => new[] { x | 1, (x >> (int)(x & 63)) | 1, ulong.MaxValue - (x >> (int)(x & 63)) });
}
