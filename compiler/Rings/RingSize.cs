using System.Numerics;
using Weir.Compiler.Topologies;

namespace Weir.Compiler.Rings;

/// <summary>How many slots a pool's ring has, as log2. The size follows from the pool's capacity and weights, never from which
/// backends are active: draining or losing one never resizes a ring, which would move every flow.</summary>
public static class RingSize
{
    public const int MinBits = 12;

    public const int MaxBits = Maglev.MaxBits;

    /// <inheritdoc cref="Bits(RingAlgorithm, int, IEnumerable{int})"/>
    public static int Bits(Pool pool) => Bits(pool.Algorithm, pool.Capacity, pool.Backends.Select(b => b.Weight));

    /// <summary>The smallest power of two that has as many slots per unit of capacity as the algorithm wants (Maglev 128, rendezvous 1,024) and gives the
    /// lightest backend what it wants (100, 400); at least 4,096, at most 65,536 even where that is not enough.</summary>
    /// <param name="capacity">The pool's declared capacity.</param>
    /// <param name="weights">Of every backend of the pool, drained ones too; zeros are ignored.</param>
    public static int Bits(RingAlgorithm algorithm, int capacity, IEnumerable<int> weights)
    {
        IRingAlgorithm rings = RingAlgorithms.Of(algorithm);
        long total = 0;
        long lightest = long.MaxValue;
        foreach (int weight in weights)
        {
            total += weight;
            lightest = weight > 0 ? Math.Min(lightest, weight) : lightest;
        }

        int bits = Math.Clamp(BitOperations.Log2(BitOperations.RoundUpToPowerOf2((uint)capacity) * (uint)rings.SlotsPerCapacity), MinBits, MaxBits);
        while (bits < MaxBits && total > 0 && (lightest << bits) < total * rings.SlotsOfLightest)
        {
            bits++;
        }

        return bits;
    }
}
