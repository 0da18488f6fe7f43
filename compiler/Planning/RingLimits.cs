using Weir.Compiler.Topologies;

namespace Weir.Compiler.Planning;

/// <summary>How far a backend's share of a ring may be off its weight's before it is reported.</summary>
public static class RingLimits
{
    /// <summary>Of exact shares: 1 %. A larger ring would always do better.</summary>
    private const int ExactPpm = 10_000;

    /// <summary>Of drawn shares, as their standard deviation: 10 %, some 100 slots. Smaller deviations are what the algorithm is chosen with.</summary>
    private const int DrawnPpm = 100_000;

    /// <param name="worst">What is to be expected, and of whom: <see cref="Rings.IRingAlgorithm.Expected"/>.</param>
    public static PlanFinding? Finding(Pool pool, int slots, (int Ppm, Backend Backend) worst) => pool.Algorithm switch
    {
        RingAlgorithm.Rendezvous when worst.Ppm > DrawnPpm => new RingTooCoarse(pool.Name, worst.Backend.Name, slots, worst.Ppm, worst.Backend.Position),
        RingAlgorithm.Maglev when worst.Ppm > ExactPpm => new RingTooSmall(pool.Name, worst.Backend.Name, slots, worst.Ppm, worst.Backend.Position),
        _ => null,
    };
}
