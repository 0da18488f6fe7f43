namespace Weir.DataPlaneTests.Covering;

/// <summary>Rows in which every pair of values of two dimensions occurs, but for pairs that exclude each other. Greedy, a row at a time (Cohen, Dalal, Fredman, Patton:
/// "The AETG system", IEEE Transactions on Software Engineering, 1997); the same dimensions always give the same rows.</summary>
internal static class CoveringArray
{
    /// <summary>Rows that are tried for each that is taken.</summary>
    private const int Candidates = 40;

    /// <param name="sizes">How many values each dimension has. Value 0 excludes nothing.</param>
    /// <param name="excluded">Whether value <c>b</c> of dimension <c>j</c> cannot be together with <c>a</c> of <c>i</c>; asked with i below j.</param>
    /// <returns>A value of each dimension a row.</returns>
    public static IReadOnlyList<int[]> Of(IReadOnlyList<int> sizes, Func<int, int, int, int, bool> excluded)
    {
        HashSet<(int I, int A, int J, int B)> open = [.. Pairs(sizes).Where(p => !excluded(p.I, p.A, p.J, p.B))];
        List<int[]> rows = [];
        uint state = 1;
        while (open.Count > 0)
        {
            int[] best = [];
            int most = 0;
            for (int candidate = 0; candidate < Candidates; candidate++)
            {
                int[] row = Row(sizes, excluded, open, ref state);
                int covers = Covered(row).Count(open.Contains);
                (best, most) = covers > most ? (row, covers) : (best, most);
            }

            open.ExceptWith(Covered(best));
            rows.Add(best);
        }

        return rows;
    }

    /// <summary>Every pair of values of two dimensions, i below j.</summary>
    public static IEnumerable<(int I, int A, int J, int B)> Pairs(IReadOnlyList<int> sizes) =>
        from i in Enumerable.Range(0, sizes.Count)
        from j in Enumerable.Range(i + 1, sizes.Count - i - 1)
        from a in Enumerable.Range(0, sizes[i])
        from b in Enumerable.Range(0, sizes[j])
        select (i, a, j, b);

    /// <summary>The pairs of a row.</summary>
    public static IEnumerable<(int I, int A, int J, int B)> Covered(int[] row) =>
        from i in Enumerable.Range(0, row.Length)
        from j in Enumerable.Range(i + 1, row.Length - i - 1)
        select (i, row[i], j, row[j]);

    /// <summary>Begins with an open pair and gives each other dimension, in some order, the value that covers most of what is open.</summary>
    private static int[] Row(IReadOnlyList<int> sizes, Func<int, int, int, int, bool> excluded, HashSet<(int I, int A, int J, int B)> open, ref uint state)
    {
        var row = new int[sizes.Count];
        Array.Fill(row, -1);
        (int i, int a, int j, int b) = open.OrderBy(p => p).ElementAt((int)(Next(ref state) % (uint)open.Count));
        (row[i], row[j]) = (a, b);
        uint turn = Next(ref state);
        foreach (int dimension in Enumerable.Range(0, sizes.Count).Where(d => row[d] < 0).OrderBy(d => Scramble((uint)d ^ turn)).ToArray())
        {
            int chosen = 0;
            int most = -1;
            for (int value = 0; value < sizes[dimension]; value++)
            {
                int covers = Gain(row, dimension, value, excluded, open);
                (chosen, most) = covers > most ? (value, covers) : (chosen, most);
            }

            row[dimension] = chosen;
        }

        return row;
    }

    /// <summary>Open pairs that the value covers with what is chosen already; -1 where it is excluded by it.</summary>
    private static int Gain(int[] row, int dimension, int value, Func<int, int, int, int, bool> excluded, HashSet<(int I, int A, int J, int B)> open)
    {
        int covers = 0;
        for (int other = 0; other < row.Length; other++)
        {
            if (other == dimension || row[other] < 0)
            {
                continue;
            }

            var pair = other < dimension ? (other, row[other], dimension, value) : (dimension, value, other, row[other]);
            if (excluded(pair.Item1, pair.Item2, pair.Item3, pair.Item4))
            {
                return -1;
            }

            covers += open.Contains(pair) ? 1 : 0;
        }

        return covers;
    }

    private static uint Next(ref uint state) => Scramble(state += 0x9e3779b9);

    private static uint Scramble(uint x)
    {
        x = (x ^ (x >> 16)) * 0x21f0aaad;
        x = (x ^ (x >> 15)) * 0x735a2d97;
        return x ^ (x >> 15);
    }
}
