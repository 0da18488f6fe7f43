namespace Weir.Compiler.Rings;

/// <summary>What a ring achieves, counted over its slots, in millionths.</summary>
public static class RingMeasure
{
    /// <summary>Slots that rebuilding for the collateral may cost a whole site, so that a thousand pools compile in no time.</summary>
    private const long RebuildBudget = 1 << 20;

    /// <summary>How many leavers <see cref="Collateral"/> tries in each of a site's pools: 1 to 64, the fewer the more slots the
    /// site has in all. In a site of a few small pools that is every one.</summary>
    /// <param name="slots">Slots of all rings of the site.</param>
    public static int Leavers(long slots) => (int)Math.Clamp(RebuildBudget / Math.Max(1, slots), 1, 64);

    /// <summary>The largest relative distance, rounded up, of a member's share of the slots from its weight's share, and whose it is.</summary>
    /// <param name="members">As the ring was built from.</param>
    public static (int Ppm, int Member) Imbalance(ReadOnlySpan<RingMember> members, ReadOnlySpan<ushort> ring)
    {
        if (members.IsEmpty)
        {
            return (0, -1);
        }

        var owned = new int[members.Length];
        foreach (ushort owner in ring)
        {
            owned[owner]++;
        }

        return Imbalance(members, owned, ring.Length);
    }

    /// <summary>The same from how many slots each member owns.</summary>
    /// <param name="owned">Of <paramref name="slots"/>, by member.</param>
    public static (int Ppm, int Member) Imbalance(ReadOnlySpan<RingMember> members, ReadOnlySpan<int> owned, int slots)
    {
        long total = Apportionment.TotalWeight(members);
        (long Ppm, int Member) worst = (0, 0);
        for (int i = 0; i < members.Length; i++)
        {
            // |owned/slots - weight/total| / (weight/total), in millionths. At most 2^31 * 2^31 before the factor: 128 bits.
            Int128 exact = (Int128)members[i].Weight * slots;
            Int128 distance = Int128.Abs((owned[i] * (Int128)total) - exact) * 1_000_000;
            long ppm = (long)((distance + exact - 1) / exact);
            worst = ppm > worst.Ppm ? (ppm, i) : worst;
        }

        return ((int)Math.Min(worst.Ppm, int.MaxValue), worst.Member);
    }

    /// <summary>The largest share, rounded up, of all slots that move between two staying members when one leaves: any one where
    /// <paramref name="leavers"/> allows for all of them, else the heaviest or one of others evenly spread over the identities.</summary>
    /// <param name="leavers">At least 1.</param>
    public static int Collateral(IRingAlgorithm rings, ReadOnlySpan<RingMember> members, ReadOnlySpan<ushort> ring, int bits, int leavers)
    {
        if (members.Length < 2 || rings.KeepsOthers)
        {
            return 0;
        }

        int rebuilds = Math.Min(leavers, members.Length);
        int moved = MovedWithout(rings, members, ring, bits, rebuilds < members.Length ? Heaviest(members) : 0);
        for (int k = 1; k < rebuilds; k++)
        {
            moved = Math.Max(moved, MovedWithout(rings, members, ring, bits, (int)((long)k * members.Length / rebuilds)));
        }

        return (int)(((moved * 1_000_000L) + ring.Length - 1) / ring.Length);
    }

    /// <summary>How many slots change between staying members when the member at <paramref name="leaver"/> leaves.</summary>
    public static int MovedWithout(IRingAlgorithm rings, ReadOnlySpan<RingMember> members, ReadOnlySpan<ushort> ring, int bits, int leaver)
    {
        var stay = new RingMember[members.Length - 1];
        members[..leaver].CopyTo(stay);
        members[(leaver + 1)..].CopyTo(stay.AsSpan(leaver));
        ushort[] without = rings.Build(stay, bits);
        int moved = 0;
        for (int slot = 0; slot < ring.Length; slot++)
        {
            int owner = without[slot] >= leaver ? without[slot] + 1 : without[slot];
            moved += ring[slot] != leaver && ring[slot] != owner ? 1 : 0;
        }

        return moved;
    }

    private static int Heaviest(ReadOnlySpan<RingMember> members)
    {
        int heaviest = 0;
        for (int i = 1; i < members.Length; i++)
        {
            heaviest = members[i].Weight > members[heaviest].Weight ? i : heaviest;
        }

        return heaviest;
    }
}
