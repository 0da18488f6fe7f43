namespace Weir.Compiler.Rings;

/// <summary>Divides slots among weights exactly: the method of largest remainders (Hamilton), ties by position.</summary>
public static class Apportionment
{
    /// <summary>Whole slots per member; the sum is <paramref name="slots"/>, each differs from the exact share by less than one.</summary>
    /// <param name="members">Sorted by identity, at least one.</param>
    /// <param name="slots">1 to 65,536.</param>
    public static int[] Divide(ReadOnlySpan<RingMember> members, int slots)
    {
        long total = TotalWeight(members);
        var quotas = new int[members.Length];
        var order = new int[members.Length];
        var remainders = new long[members.Length];
        int left = slots;
        for (int i = 0; i < members.Length; i++)
        {
            long product = (long)members[i].Weight * slots;
            quotas[i] = (int)(product / total);
            remainders[i] = product % total;
            order[i] = i;
            left -= quotas[i];
        }

        if (left > 0)
        {
            Array.Sort(order, (a, b) => remainders[a] == remainders[b] ? a.CompareTo(b) : remainders[b].CompareTo(remainders[a]));
        }

        for (int k = 0; k < left; k++)
        {
            quotas[order[k]]++;
        }

        return quotas;
    }

    public static long TotalWeight(ReadOnlySpan<RingMember> members)
    {
        long total = 0;
        foreach (RingMember member in members)
        {
            total += member.Weight;
        }

        return total;
    }
}
