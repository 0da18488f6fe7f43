namespace Weir.Compiler.Lookup;

/// <summary>A table in which every key of a known set lies in the row that its hash names: compress, hash and displace (Belazzougui,
/// Botelho, Dietzfelbinger, ESA 2009), with XOR as the displacement, so that a lookup needs no remainder. Rows are at least
/// twice the keys, which makes it quick to find.</summary>
/// <param name="Seed">Keys the hash.</param>
/// <param name="Displacements">Per bucket, 2^(bits - 2) of them.</param>
/// <param name="Rows">Index of the key in each of the 2^bits rows; an empty row repeats a key whose own row is another.</param>
public sealed record PerfectHash(ulong Seed, ushort[] Displacements, int[] Rows)
{
    /// <summary>log2 of the rows per bucket.</summary>
    public const int BucketShift = 2;

    public const int MinBits = 4;

    private const int Attempts = 256;

    /// <param name="keys">How many keys; 1 to half of the rows.</param>
    /// <param name="hash">The 64-bit hash of a key under a seed: its top bits name the bucket, those from 32 on the row.</param>
    /// <param name="bits">log2 of the rows, 4 to 18.</param>
    /// <exception cref="ArgumentException">Two keys are equal (or 256 seeds failed, which does not happen to distinct ones).</exception>
    public static PerfectHash Build(int keys, Func<int, ulong, ulong> hash, int bits)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(bits, MinBits);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(bits, 18);
        ArgumentOutOfRangeException.ThrowIfLessThan(keys, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(keys, 1 << (bits - 1));
        var values = new ulong[keys];
        for (uint attempt = 0; attempt < Attempts; attempt++)
        {
            ulong seed = VipHash.Mix(attempt + 1, VipHash.M2, VipHash.M1) | 1; // odd: multiplying by it loses nothing
            for (int key = 0; key < keys; key++)
            {
                values[key] = hash(key, seed);
            }

            if (Place(values, bits) is var (displacements, rows))
            {
                return new PerfectHash(seed, displacements, rows);
            }
        }

        throw new ArgumentException("No perfect hash was found: two keys are equal.", nameof(keys));
    }

    /// <summary>Gives each bucket, fullest first, the smallest displacement with which all its keys find free rows.</summary>
    private static (ushort[] Displacements, int[] Rows)? Place(ulong[] values, int bits)
    {
        int mask = (1 << bits) - 1;
        int bucketBits = bits - BucketShift;
        ILookup<int, int> byBucket = Enumerable.Range(0, values.Length).ToLookup(key => (int)(values[key] >> (64 - bucketBits)));
        var displacements = new ushort[1 << bucketBits];
        var rows = new int[1 << bits];
        Array.Fill(rows, -1);
        foreach (IGrouping<int, int> bucket in byBucket.OrderByDescending(b => b.Count()).ThenBy(b => b.Key))
        {
            int[] keys = [.. bucket];
            int[] positions = [.. keys.Select(key => (int)(values[key] >> 32) & mask)];
            if (positions.Distinct().Count() < positions.Length)
            {
                return null;
            }

            int limit = Math.Min(mask, ushort.MaxValue);
            int displacement = 0;
            while (displacement <= limit && positions.Any(p => rows[p ^ displacement] >= 0))
            {
                displacement++;
            }

            if (displacement > limit)
            {
                return null;
            }

            displacements[bucket.Key] = (ushort)displacement;
            for (int i = 0; i < keys.Length; i++)
            {
                rows[positions[i] ^ displacement] = keys[i];
            }
        }

        for (int row = 0; row < rows.Length; row++)
        {
            rows[row] = rows[row] < 0 ? 0 : rows[row];
        }

        return (displacements, rows);
    }
}
