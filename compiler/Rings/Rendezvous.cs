namespace Weir.Compiler.Rings;

/// <summary>Fills rings by weighted rendezvous, highest random weight (Thaler, Ravishankar: "Using name-based mappings to increase hit rates", IEEE/ACM
/// Transactions on Networking, 1998; weights by the logarithm: Schindelhauer, Schomaker, SPAA 2005): every slot goes to the member with the
/// least -log2(u) / weight, u being a number of its own for the slot.
/// <para><b>Disruption</b>: none. What a member scores in a slot depends on nobody else, so one that leaves gives away its own slots and no other moves,
/// one that joins takes only what becomes its own, and another weight moves slots from or to that member alone.</para>
/// <para><b>Balance</b>: binomial, since every slot is drawn by itself. A member with share p of the weights has p of S slots on average, with a
/// standard deviation of sqrt((1 - p) / (p S)) of its share: 2.2 % at 2,048 slots, so that the farthest of a few dozen is some 5 % off. Rings are
/// larger than Maglev's for it (<see cref="SlotsPerCapacity"/>), and an imbalance above 1 % is no finding.</para>
/// <para><b>Time</b>: members times slots, about a nanosecond each; the benchmarks have it beside Maglev's.</para>
/// <para>u is the output of SplitMix64 (Steele, Lea, Flood 2014) seeded with the identity, at the slot's place. Members of equal weight are ranked by it
/// as it is; only the best of each weight needs its logarithm, which comes from <see cref="BinaryLogarithm"/>. Ties go to the lower identity.</para></summary>
public sealed class Rendezvous : IRingAlgorithm
{
    private const ulong Gamma = 0x9e3779b97f4a7c15;

    /// <summary>Draws that are worth a second core.</summary>
    private const long ManyDraws = 1 << 20;

    /// <summary>With the capacity twice the backends, 2,048 slots for one of average weight: 2.2 %.</summary>
    public int SlotsPerCapacity => 1024;

    /// <summary>A standard deviation of 5 %.</summary>
    public int SlotsOfLightest => 400;

    public bool KeepsOthers => true;

    public ushort[] Build(ReadOnlySpan<RingMember> members, int bits)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(bits);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(bits, RingSize.MaxBits);
        var ring = new ushort[1 << bits];
        if (members.IsEmpty)
        {
            Array.Fill(ring, RingAlgorithms.Nobody);
            return ring;
        }

        Group[] groups = Groups(members);
        if ((long)members.Length * ring.Length < ManyDraws)
        {
            Fill(ring, groups, 0, ring.Length);
        }
        else
        {
            // Slots do not depend on each other, so their parts may be filled in any order.
            const int Parts = 16;
            Parallel.For(0, Parts, part => Fill(ring, groups, (int)((long)ring.Length * part / Parts), (int)((long)ring.Length * (part + 1) / Parts)));
        }

        return ring;
    }

    /// <summary>The standard deviation of the lightest member's share: of a binomial distribution, sqrt((1 - p) / (p S)) of it.</summary>
    public (int Ppm, int Member) Expected(ReadOnlySpan<RingMember> members, int bits)
    {
        int lightest = 0;
        for (int i = 1; i < members.Length; i++)
        {
            lightest = members[i].Weight < members[lightest].Weight ? i : lightest;
        }

        long weight = members[lightest].Weight;
        UInt128 squared = (UInt128)(ulong)(Apportionment.TotalWeight(members) - weight) * 1_000_000_000_000 / ((ulong)weight << bits);
        return ((int)Math.Min(RootUp((ulong)UInt128.Min(squared, ulong.MaxValue)), int.MaxValue), lightest);
    }

    /// <summary>The number that a member with this identity draws for a slot.</summary>
    public static ulong Draw(ulong identity, int slot)
    {
        ulong z = identity + (((ulong)slot + 1) * Gamma);
        z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9;
        z = (z ^ (z >> 27)) * 0x94d049bb133111eb;
        return z ^ (z >> 31);
    }

    private static void Fill(ushort[] ring, Group[] groups, int from, int to)
    {
        for (int slot = from; slot < to; slot++)
        {
            ushort owner = RingAlgorithms.Nobody;
            ulong owners = 0;
            ulong ownersCost = 0;
            foreach (Group group in groups)
            {
                (ulong drawn, ushort member) = group.Best(slot);
                ulong cost = BinaryLogarithm.OfInverse(drawn);

                // cost / weight compared without dividing: costs stay below 2^47, weights below 2^16.
                ulong here = cost * owners;
                ulong there = ownersCost * group.Weight;
                if (owner == RingAlgorithms.Nobody || here < there || (here == there && member < owner))
                {
                    (owner, owners, ownersCost) = (member, group.Weight, cost);
                }
            }

            ring[slot] = owner;
        }
    }

    private static Group[] Groups(ReadOnlySpan<RingMember> members)
    {
        SortedDictionary<int, List<(ulong Identity, ushort Member)>> byWeight = [];
        for (int i = 0; i < members.Length; i++)
        {
            if (!byWeight.TryGetValue(members[i].Weight, out List<(ulong, ushort)>? group))
            {
                byWeight.Add(members[i].Weight, group = []);
            }

            group.Add((members[i].Identity, (ushort)i));
        }

        return [.. byWeight.Select(g => new Group((uint)g.Key, [.. g.Value.Select(m => m.Identity)], [.. g.Value.Select(m => m.Member)]))];
    }

    private static long RootUp(ulong square)
    {
        // By bits, so that no floating point decides about a digit that is printed.
        ulong root = 0;
        for (ulong bit = 1ul << 31; bit > 0; bit >>= 1)
        {
            root += (root + bit) * (root + bit) <= square ? bit : 0;
        }

        return (long)(root * root == square ? root : root + 1);
    }

    /// <summary>Members of one weight, by identity.</summary>
    private sealed record Group(ulong Weight, ulong[] Identities, ushort[] Members)
    {
        /// <summary>The highest draw, and whose it is.</summary>
        public (ulong Drawn, ushort Member) Best(int slot)
        {
            ulong best = 0;
            int at = 0;
            for (int i = 0; i < Identities.Length; i++)
            {
                ulong drawn = Draw(Identities[i], slot);
                if (drawn > best)
                {
                    (best, at) = (drawn, i);
                }
            }

            return (best, Members[at]);
        }
    }
}
