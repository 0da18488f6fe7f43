using System.Numerics;

namespace Weir.Compiler.Rings;

/// <summary>How many slots a pool's ring has, as log2. The size follows from the pool's capacity and weights, never from which
/// backends are active: draining or losing one never resizes a ring, which would move every flow.</summary>
public static class RingSize
{
    public const int MinBits = 12;

    public const int MaxBits = Maglev.MaxBits;

    /// <summary>With at least 256 slots per backend at the declared capacity (which is at least twice the backends) one that
    /// leaves moves at most 2 % of the slots of others; measured in the ring tests.</summary>
    private const int SlotsPerCapacity = 128;

    /// <summary>Quotas differ from exact shares by less than one slot: with 100 slots that is less than 1 %.</summary>
    private const int SlotsOfLightest = 100;

    /// <summary>The smallest power of two that has 128 slots per unit of capacity and gives the lightest backend 100; at least 4,096,
    /// at most 65,536 even where that is not enough.</summary>
    /// <param name="capacity">The pool's declared capacity.</param>
    /// <param name="weights">Of every backend of the pool, drained ones too; zeros are ignored.</param>
    public static int Bits(int capacity, IEnumerable<int> weights)
    {
        long total = 0;
        long lightest = long.MaxValue;
        foreach (int weight in weights)
        {
            total += weight;
            lightest = weight > 0 ? Math.Min(lightest, weight) : lightest;
        }

        int bits = Math.Clamp(BitOperations.Log2(BitOperations.RoundUpToPowerOf2((uint)capacity) * SlotsPerCapacity), MinBits, MaxBits);
        while (bits < MaxBits && total > 0 && (lightest << bits) < total * SlotsOfLightest)
        {
            bits++;
        }

        return bits;
    }
}
