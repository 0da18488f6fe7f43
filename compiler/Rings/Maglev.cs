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
public sealed class Maglev : IRingAlgorithm
{
    /// <summary>Slots without a backend, where there are no members.</summary>
    public const ushort Nobody = RingAlgorithms.Nobody;

    public const int MaxBits = 16;

    /// <summary>With at least 256 slots per backend at the declared capacity (which is at least twice the backends) one that
    /// leaves moves at most 2 % of the slots of others; measured in the ring tests.</summary>
    public int SlotsPerCapacity => 128;

    /// <summary>Quotas differ from exact shares by less than one slot: with 100 slots that is less than 1 %.</summary>
    public int SlotsOfLightest => 100;

    public bool KeepsOthers => false;

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

        Fill(ring, Classes(members, Apportionment.Divide(members, slots), slots));
        return ring;
    }

    ushort[] IRingAlgorithm.Build(ReadOnlySpan<RingMember> members, int bits) => Build(members, bits);

    /// <summary>What the quotas are off by: exact, as each member gets its quota.</summary>
    public (int Ppm, int Member) Expected(ReadOnlySpan<RingMember> members, int bits) =>
        RingMeasure.Imbalance(members, Apportionment.Divide(members, 1 << bits), 1 << bits);

    /// <summary>Takes turns until every slot is claimed. Backends are grouped by weight, weights by the power of two below them: those of
    /// class c are visited every 2^(top - c) rounds, and at a visit a weight is credited itself times its unvisited slots and its backends step
    /// once that reaches 2^(c+1) times all slots. The order of all steps is not changed by who is missing.</summary>
    private static void Fill(ushort[] ring, Group[][] classes)
    {
        var free = new ulong[(ring.Length + 63) / 64];
        Array.Fill(free, ulong.MaxValue);
        int left = ring.Length;
        int top = classes.Length - 1;
        for (uint round = 1; left > 0; round++)
        {
            // A class that is finished needs no rounds of its own any more.
            while (classes[top].Length == 0)
            {
                top--;
                round = (round + 1) >> 1;
            }

            int lowest = Math.Max(0, top - BitOperations.TrailingZeroCount(round));
            for (int c = top; c >= lowest; c--)
            {
                ulong step = (2ul << c) * (ulong)ring.Length;
                bool finished = false;
                foreach (Group group in classes[c])
                {
                    group.Credit += group.Weight * (ulong)group.Unvisited;
                    if (group.Credit >= step)
                    {
                        group.Credit -= step;
                        group.Unvisited--;
                        left -= group.Step(ring, free);
                        finished |= group.Count == 0;
                    }
                }

                if (finished)
                {
                    classes[c] = Array.FindAll(classes[c], group => group.Count > 0);
                }
            }
        }
    }

    /// <summary>By class, then by weight, then by identity; every class up to the highest exists.</summary>
    private static Group[][] Classes(ReadOnlySpan<RingMember> members, int[] quotas, int slots)
    {
        var byWeight = new SortedDictionary<int, List<Walker>>();
        for (int i = 0; i < members.Length; i++)
        {
            RingMember member = members[i];
            if (quotas[i] == 0)
            {
                continue;
            }

            if (!byWeight.TryGetValue(member.Weight, out List<Walker>? walkers))
            {
                byWeight.Add(member.Weight, walkers = []);
            }

            walkers.Add(new Walker
            {
                // An identity is a cryptographic hash: its parts are as good as the paper's two hash functions.
                Position = (int)(member.Identity >> 32) & (slots - 1),
                Skip = ((int)member.Identity | 1) & (slots - 1),
                Scramble = ((int)(member.Identity >> 16) | 1) & (slots - 1),
                Quota = quotas[i],
                Member = (ushort)i,
            });
        }

        ILookup<int, Group> groups = byWeight.ToLookup(w => BitOperations.Log2((uint)w.Key), w => new Group((uint)w.Key, slots, [.. w.Value]));
        return [.. Enumerable.Range(0, groups.Max(g => g.Key) + 1).Select(c => groups[c].ToArray())];
    }

    /// <summary>Backends of one weight; they step together.</summary>
    private sealed class Group(uint weight, int slots, Walker[] walkers)
    {
        private readonly uint[] claims = new uint[walkers.Length];

        private readonly int half = (BitOperations.Log2((uint)slots) + 1) / 2;

        public uint Weight { get; } = weight;

        public int Unvisited { get; set; } = slots;

        public ulong Credit { get; set; }

        /// <summary>How many have not reached their quota.</summary>
        public int Count { get; private set; } = walkers.Length;

        /// <summary>Every backend looks at the next slot of its permutation and takes it if it is free.</summary>
        /// <param name="free">A bit per slot. Which slots are free cannot be foreseen, so looking and taking have no branch.</param>
        /// <returns>How many slots were taken.</returns>
        public int Step(ushort[] ring, ulong[] free)
        {
            int mask = ring.Length - 1;
            int taken = 0;
            for (int k = 0; k < Count; k++)
            {
                ref Walker walker = ref walkers[k];
                int at = walker.Position;
                walker.Position = (at + walker.Skip) & mask;
                int slot = (at ^ (at >> half)) * walker.Scramble & mask;
                slot ^= slot >> half;
                ref ulong word = ref free[slot >> 6];
                claims[taken] = ((uint)k << 16) | (uint)slot;
                taken += (int)(word >> slot) & 1;
                word &= ~(1ul << slot);
            }

            bool finished = false;
            foreach (uint claim in claims.AsSpan(0, taken))
            {
                ref Walker walker = ref walkers[claim >> 16];
                ring[claim & 0xffff] = walker.Member;
                finished |= --walker.Quota == 0;
            }

            if (finished)
            {
                Walker[] rest = Array.FindAll(walkers[..Count], w => w.Quota > 0);
                rest.CopyTo(walkers, 0);
                Count = rest.Length;
            }

            return taken;
        }
    }

    private struct Walker
    {
        public int Position;
        public int Skip;
        public int Scramble;
        public int Quota;
        public ushort Member;
    }
}
