using CsCheck;
using Weir.Compiler.Rings;
using Weir.Compiler.Topologies;
using Xunit;

namespace Weir.Compiler.Tests.Rings;

public sealed class MaglevTests
{
    private static readonly Gen<int> AnyWeight = Gen.OneOf(Gen.Int[1, 65_535], Gen.Int[1, 100], Gen.Int[0, 3].Select(i => new[] { 1, 10, 100, 65_535 }[i]));

    [Fact]
    public void Every_slot_is_owned_and_every_member_has_its_exact_quota() =>
        Gen.Select(RingSamples.Members(64, AnyWeight), Gen.Int[0, 14]).Sample((members, bits) =>
        {
            ushort[] ring = Maglev.Build(members, bits);
            Assert.Equal(1 << bits, ring.Length);
            Assert.Equal(Apportionment.Divide(members, 1 << bits), RingSamples.Owned(members, ring));
        }, iter: 300);

    [Fact]
    public void Quotas_add_up_and_differ_from_the_exact_share_by_less_than_one() =>
        Gen.Select(RingSamples.Members(300, AnyWeight), Gen.Int[0, 16]).Sample((members, bits) =>
        {
            int slots = 1 << bits;
            int[] quotas = Apportionment.Divide(members, slots);
            long total = members.Sum(m => (long)m.Weight);
            Assert.Equal(slots, quotas.Sum());
            Assert.All(members.Zip(quotas), p => Assert.True(Math.Abs((p.Second * total) - ((long)p.First.Weight * slots)) < total));
        }, iter: 300);

    [Theory]
    [InlineData(new[] { 1, 10 })]
    [InlineData(new[] { 1, 100 })]
    [InlineData(new[] { 100, 50, 25 })]
    [InlineData(new[] { 1, 1, 1, 1, 1, 1, 1 })]
    [InlineData(new[] { 65_535, 700 })]
    [InlineData(new[] { 1, 10, 1, 10, 1, 10, 100 })]
    public void Shares_are_the_weights_within_one_percent(int[] weights)
    {
        RingMember[] members = RingSamples.Of(weights.Length, 7, i => weights[i]);
        int bits = RingSize.Bits(RingAlgorithm.Maglev, 32, weights);
        int[] owned = RingSamples.Owned(members, Maglev.Build(members, bits));
        for (int i = 0; i < weights.Length; i++)
        {
            Assert.Equal((double)weights[i] / weights.Sum(), (double)owned[i] / (1 << bits), 0.01 * weights[i] / weights.Sum());
        }
    }

    [Fact]
    public void The_size_gives_one_percent_to_whichever_backends_are_active() =>
        Gen.Select(RingSamples.Members(16, Gen.Int[1, 40]), Gen.Int[1, 65_535]).Sample((members, drained) =>
        {
            int bits = RingSize.Bits(RingAlgorithm.Maglev, 32, members.Select(m => m.Weight));
            RingMember[] active = [.. members.Where((_, i) => i == 0 || (drained >> i & 1) == 0)];
            Assert.True(bits < RingSize.MaxBits || members.Min(m => m.Weight) * 655L >= members.Sum(m => m.Weight));
            Assert.InRange(RingMeasure.Imbalance(active, Maglev.Build(active, bits)).Ppm, 0, 10_000);
        }, iter: 300);

    [Fact]
    public void A_change_of_one_weight_moves_no_more_than_its_share_and_three_percent() =>
        Gen.Select(RingSamples.Members(16, Gen.Int[50, 150]), Gen.Int[0, 15], Gen.Int[50, 150]).Sample((members, at, weight) =>
        {
            at %= members.Length;
            RingMember[] changed = [.. members];
            changed[at] = changed[at] with { Weight = weight };
            ushort[] before = Maglev.Build(members, 12);
            ushort[] after = Maglev.Build(changed, 12);
            int moved = before.Zip(after).Count(p => p.First != p.Second);
            int needed = RingSamples.Owned(members, before).Zip(RingSamples.Owned(changed, after)).Sum(p => Math.Abs(p.First - p.Second)) / 2;
            Assert.InRange(moved, needed, needed + (4096 * 3 / 100));
        }, iter: 500);

    [Fact]
    public void Nobody_owns_the_slots_of_a_ring_without_members() =>
        Assert.All(Maglev.Build([], 12), owner => Assert.Equal(Maglev.Nobody, owner));

    [Fact]
    public void A_single_member_owns_all() =>
        Assert.All(Maglev.Build([new RingMember(42, 1)], 12), owner => Assert.Equal(0, owner));

    [Fact]
    public void The_ring_is_what_it_always_was()
    {
        // A changed builder moves live connections: this fails when the function changes, on purpose.
        RingMember[] members = RingSamples.Of(10, 1, i => 1 + (i * 10));
        ushort[] ring = Maglev.Build(members, 12);
        byte[] bytes = [.. ring.Select(owner => (byte)owner)];
        Assert.Equal("867fcc9ce61bbf44", Convert.ToHexStringLower(System.Security.Cryptography.SHA256.HashData(bytes))[..16]);
    }
}
