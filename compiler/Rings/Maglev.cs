using System.Numerics;

namespace Weir.Compiler.Rings;

/// <summary>Builds rings: Maglev's permutations (Eisenbud et al., "Maglev", NSDI 2016, section 3.4) with exact weights, on a table
/// whose size is a power of two, so that every odd skip visits every slot.
/// <para>What differs from the paper is the turn. There a turn is a claim: a backend searches until it finds a free slot, so one
/// that leaves shifts when everybody else finds theirs. Here a turn is one step of the permutation, taken or not, and its time depends on
/// the backend alone: it steps at a pace of its weight times the share of slots it has not visited yet, so that at any moment a free
/// slot is its next one with a chance in proportion to its weight. It stops when it has its exact quota. Who reaches a slot first
/// does not depend on who else takes part, except through the quotas, so about half as many slots move between staying
/// backends as with claims (the ring tests print the figures).</para>
/// <para>The permutation is the paper's (offset, skip), scrambled by a multiplication: bare ones run alongside each other where two
/// skips are alike, which in small rings now and then moved twice the slots.</para>
/// <para>A ring is a function of the set of (identity, weight) and the size: no history, no floating point.</para></summary>
public static class Maglev
{
    /// <summary>Slots without a backend, where there are no members.</summary>
    public const ushort Nobody = 0xffff;

    public const int MaxBits = 16;

    /// <param name="members">Sorted by identity, identities distinct, at most 32,768.</param>
    /// <param name="bits">log2 of the slots, 0 to 16.</param>
    /// <returns>One index into <paramref name="members"/> per slot, or <see cref="Nobody"/> in all when there are none.</returns>
    public static ushort[] Build(ReadOnlySpan<RingMember> members, int bits)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(bits);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(bits, MaxBits);
        int slots = 1 << bits;
        var ring = new ushort[slots];
        Array.Fill(ring, Nobody);
        if (members.IsEmpty)
        {
            return ring;
        }

        int[] quotas = Apportionment.Divide(members, slots);
        Fill(ring, Classes(members, quotas, slots - 1));
        return ring;
    }

    /// <summary>Takes turns until every slot is claimed. Backends are grouped by the power of two below their weight: class c
    /// is visited every 2^(top - c) rounds, and at a visit a backend is credited its weight times its unvisited slots and steps
    /// once that reaches 2^(c+1) times all slots. The order of all steps is not changed by who is missing.</summary>
    private static void Fill(ushort[] ring, List<Walker[]> classes)
    {
        int mask = ring.Length - 1;
        int half = (BitOperations.Log2((uint)ring.Length) + 1) / 2;
        int left = ring.Length;
        for (uint round = 1; left > 0; round++)
        {
            // A class that is finished needs no rounds of its own any more.
            while (classes[^1].Length == 0)
            {
                classes.RemoveAt(classes.Count - 1);
                round = (round + 1) >> 1;
            }

            int top = classes.Count - 1;
            int lowest = Math.Max(0, top - BitOperations.TrailingZeroCount(round));
            for (int c = top; c >= lowest; c--)
            {
                Walker[] walkers = classes[c];
                ulong step = (2ul << c) * (ulong)ring.Length;
                int finished = 0;
                for (int k = 0; k < walkers.Length; k++)
                {
                    ref Walker walker = ref walkers[k];
                    walker.Credit += walker.Weight * (ulong)walker.Unvisited;
                    if (walker.Credit < step)
                    {
                        continue;
                    }

                    walker.Credit -= step;
                    walker.Unvisited--;
                    int at = walker.Position;
                    walker.Position = (at + walker.Skip) & mask;
                    int slot = (at ^ (at >> half)) * walker.Scramble & mask;
                    slot ^= slot >> half;
                    if (ring[slot] == Nobody)
                    {
                        ring[slot] = walker.Member;
                        left--;
                        finished += --walker.Quota == 0 ? 1 : 0;
                    }
                }

                if (finished > 0)
                {
                    classes[c] = Array.FindAll(walkers, w => w.Quota > 0);
                }
            }
        }
    }

    private static List<Walker[]> Classes(ReadOnlySpan<RingMember> members, int[] quotas, int mask)
    {
        var lists = new List<List<Walker>>();
        for (int i = 0; i < members.Length; i++)
        {
            RingMember member = members[i];
            int c = BitOperations.Log2((uint)member.Weight);
            while (lists.Count <= c)
            {
                lists.Add([]);
            }

            if (quotas[i] > 0)
            {
                lists[c].Add(new Walker
                {
                    // An identity is a cryptographic hash: its halves are as good as the paper's two hash functions.
                    Position = (int)(member.Identity >> 32) & mask,
                    Skip = ((int)member.Identity | 1) & mask,
                    Unvisited = mask + 1,
                    Scramble = ((int)(member.Identity >> 16) | 1) & mask,
                    Quota = quotas[i],
                    Weight = (uint)member.Weight,
                    Member = (ushort)i,
                });
            }
        }

        return lists.ConvertAll(list => list.ToArray());
    }

    private struct Walker
    {
        public int Position;
        public int Skip;
        public int Scramble;
        public int Quota;
        public uint Weight;
        public int Unvisited;
        public ulong Credit;
        public ushort Member;
    }
}
