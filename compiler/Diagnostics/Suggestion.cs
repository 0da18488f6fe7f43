namespace Weir.Compiler.Diagnostics;

/// <summary>Finds the name that was probably meant.</summary>
public static class Suggestion
{
    private const int LongestName = 64;

    /// <summary>The candidate at the smallest edit distance from <paramref name="name"/> (a transposition counts as one), the first
    /// in ordinal order among equals; null when none is within a third of the name's length, at least 1.</summary>
    public static string? For(string name, IEnumerable<string> candidates)
    {
        int best = Math.Max(1, name.Length / 3) + 1;
        string? suggestion = null;
        if (name.Length > LongestName)
        {
            return null;
        }

        foreach (string candidate in candidates.Order(StringComparer.Ordinal))
        {
            if (candidate.Length > LongestName || Math.Abs(candidate.Length - name.Length) >= best)
            {
                continue;
            }

            int distance = string.Equals(name, candidate, StringComparison.OrdinalIgnoreCase) ? 0 : Distance(name, candidate);
            if (distance < best)
            {
                best = distance;
                suggestion = candidate;
            }
        }

        return suggestion;
    }

    /// <summary>Optimal string alignment distance (Damerau 1964, restricted to one edit per substring).</summary>
    private static int Distance(string a, string b)
    {
        int[,] d = new int[a.Length + 1, b.Length + 1];
        for (int i = 0; i <= a.Length; i++)
        {
            for (int j = 0; j <= b.Length; j++)
            {
                if (i == 0 || j == 0)
                {
                    d[i, j] = i + j;
                    continue;
                }

                int substituted = d[i - 1, j - 1] + (a[i - 1] == b[j - 1] ? 0 : 1);
                d[i, j] = Math.Min(substituted, Math.Min(d[i - 1, j], d[i, j - 1]) + 1);
                if (i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1])
                {
                    d[i, j] = Math.Min(d[i, j], d[i - 2, j - 2] + 1);
                }
            }
        }

        return d[a.Length, b.Length];
    }
}
