using CsCheck;
using Weir.Compiler.Rings;

namespace Weir.Compiler.Tests.Rings;

/// <summary>Sets of ring members to build from.</summary>
internal static class RingSamples
{
    /// <summary>Sorted by identity, identities distinct.</summary>
    public static Gen<RingMember[]> Members(int most, Gen<int> weights) =>
        Gen.Select(Gen.ULong.Select(Scramble), weights).Array[1, most].Select(pairs => pairs
            .DistinctBy(p => p.Item1).OrderBy(p => p.Item1).Select(p => new RingMember(p.Item1, p.Item2)).ToArray());

    /// <summary>Members with identities like real ones, from a deterministic stream.</summary>
    public static RingMember[] Of(int count, int seed, Func<int, int> weight)
    {
        ulong state = (ulong)seed << 32;
        return [.. Enumerable.Range(0, count).Select(_ => Next(ref state)).Order().Select((id, i) => new RingMember(id, weight(i)))];
    }

    public static int[] Owned(RingMember[] members, ushort[] ring)
    {
        var owned = new int[members.Length];
        foreach (ushort owner in ring)
        {
            owned[owner]++;
        }

        return owned;
    }

    private static ulong Next(ref ulong state) => Scramble(state += 0x9e3779b97f4a7c15);

    // Identities are hashes, so samples are hashed too. SplitMix64 (Steele, Lea, Flood 2014).
    private static ulong Scramble(ulong z)
    {
        z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9;
        z = (z ^ (z >> 27)) * 0x94d049bb133111eb;
        return z ^ (z >> 31);
    }
}
