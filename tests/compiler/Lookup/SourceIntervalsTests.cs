using System.Buffers.Binary;
using System.Collections.Immutable;
using System.Net;
using Weir.Compiler.Lookup;
using Weir.Compiler.Topologies;
using Weir.Testing.Plans;
using Xunit;

namespace Weir.Compiler.Tests.Lookup;

public sealed class SourceIntervalsTests
{
    [Fact]
    public void The_longest_prefix_decides_and_neighbours_differ()
    {
        SourceLists lists = new(PolicyPlans.Prefixes("10.0.0.0/8", "10.66.7.0/24"), PolicyPlans.Prefixes("10.66.0.0/16"));
        Assert.Equal(
            ["0.0.0.0 -2", "10.0.0.0 -1", "10.5.0.0 3", "10.6.0.0 -1", "10.66.0.0 -2", "10.66.7.0 -1", "10.66.8.0 -2", "10.67.0.0 -1", "11.0.0.0 -2"],
            SourceIntervals.Of(lists, [(IPNetwork.Parse("10.5.0.0/16"), 3)], isV6: false).Select(Text));
        Assert.Equal(["0.0.0.0 -2"], SourceIntervals.Of(lists, [], isV6: true).Select(i => $"0.0.0.0 {i.Pool}"));
    }

    [Fact]
    public void Whole_families_and_single_addresses_at_either_end_are_prefixes_like_others()
    {
        Assert.Equal(["0.0.0.0 -2"], Of("0.0.0.0/0").Select(Text));
        Assert.Equal(["0.0.0.0 -2", "0.0.0.1 -1", "255.255.255.255 -2"], Of("0.0.0.0/32", "255.255.255.255/32").Select(Text));
        ImmutableArray<SourceInterval> v6 = SourceIntervals.Of(new SourceLists([], PolicyPlans.Prefixes("::/0", "ffff::/16")), [], isV6: true);
        Assert.Equal([new SourceInterval(0, SourceIntervals.Denied)], v6);

        static ImmutableArray<SourceInterval> Of(params string[] denied) => SourceIntervals.Of(new SourceLists([], PolicyPlans.Prefixes(denied)), [], isV6: false);
    }

    /// <summary>Against every prefix tried one by one, at both edges of each and beside them.</summary>
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void They_say_what_all_prefixes_together_say(bool isV6)
    {
        Random random = new(isV6 ? 6 : 4);
        for (int round = 0; round < 400; round++)
        {
            IPNetwork[] prefixes = [.. Enumerable.Range(0, random.Next(0, 40)).Select(_ => Draw(random, isV6)).Distinct()];
            ILookup<int, IPNetwork> kinds = prefixes.ToLookup(_ => random.Next(round % 3 == 0 ? 1 : 0, 3));
            (IPNetwork Source, int Pool)[] routes = [.. kinds[2].Concat(kinds[1].Take(3)).Select(p => (p, random.Next(0, 3)))];
            SourceLists lists = new([.. kinds[0]], [.. kinds[1]]);
            ImmutableArray<SourceInterval> intervals = SourceIntervals.Of(lists, routes, isV6);

            Assert.Equal(UInt128.Zero, intervals[0].First);
            Assert.True(intervals.Length <= (2 * (lists.Allow.Length + lists.Deny.Length + routes.Length)) + 1);
            Assert.All(intervals.Zip(intervals.Skip(1)), pair => Assert.True(pair.First.First < pair.Second.First && pair.First.Pool != pair.Second.Pool));
            UInt128 end = isV6 ? UInt128.MaxValue : uint.MaxValue;
            foreach (UInt128 source in prefixes.Select(SourceIntervals.Edges).SelectMany(e => new[] { e.First, e.Last, e.First == 0 ? 0 : e.First - 1, e.Last == end ? end : e.Last + 1 }).Append(end))
            {
                Assert.Equal(Naive(lists, routes, source), intervals.Last(i => i.First <= source).Pool);
            }
        }
    }

    private static int Naive(SourceLists lists, (IPNetwork Source, int Pool)[] routes, UInt128 source)
    {
        IPNetwork? Longest(IEnumerable<IPNetwork> prefixes) => prefixes.Where(p => SourceIntervals.Edges(p) is var (first, last) && first <= source && source <= last)
            .OrderByDescending(p => p.PrefixLength).Select(p => (IPNetwork?)p).FirstOrDefault();
        bool denied = Longest(lists.Allow.Concat(lists.Deny)) is { } listed ? lists.Deny.Contains(listed) : !lists.Allow.IsEmpty;
        return denied ? SourceIntervals.Denied : Longest(routes.Select(r => r.Source)) is { } route ? routes.First(r => r.Source == route).Pool : SourceIntervals.Own;
    }

    /// <summary>Few different bits, so that prefixes nest and touch.</summary>
    private static IPNetwork Draw(Random random, bool isV6)
    {
        byte[] bytes = new byte[isV6 ? 16 : 4];
        int at = random.Next(0, bytes.Length);
        bytes[0] = (byte)(random.Next(4) * 85);
        bytes[at] = (byte)random.Next(0, 8);
        bytes[^1] |= (byte)(random.Next(4) == 0 ? 0xff : 0);
        int length = random.Next(4) == 0 ? random.Next(0, (8 * bytes.Length) + 1) : Math.Min(8 * bytes.Length, (8 * at) + random.Next(3, 9));
        byte[] mask = PrefixBits.Mask(length, bytes.Length);
        return new IPNetwork(new IPAddress(PrefixBits.And(bytes, mask)), length);
    }

    private static string Text(SourceInterval interval)
    {
        byte[] bytes = new byte[4];
        BinaryPrimitives.WriteUInt32BigEndian(bytes, (uint)interval.First);
        return $"{new IPAddress(bytes)} {interval.Pool}";
    }
}
