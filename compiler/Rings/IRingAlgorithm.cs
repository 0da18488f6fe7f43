using Weir.Compiler.Topologies;

namespace Weir.Compiler.Rings;

/// <summary>A way to fill a ring. A ring is a function of the set of (identity, weight) and the size: no history, no floating point, no
/// order of lists.</summary>
public interface IRingAlgorithm
{
    /// <summary>Slots a ring has at least for each unit of its pool's declared capacity, as far as 65,536 allow.</summary>
    int SlotsPerCapacity { get; }

    /// <summary>Slots that the lightest backend gets, as far as 65,536 allow.</summary>
    int SlotsOfLightest { get; }

    /// <summary>Whether a backend that leaves, joins or changes its weight never moves a slot between two others.</summary>
    bool KeepsOthers { get; }

    /// <param name="members">Sorted by identity, identities distinct, at most 32,768.</param>
    /// <param name="bits">log2 of the slots, 0 to 16.</param>
    /// <returns>One index into <paramref name="members"/> per slot, or <see cref="RingAlgorithms.Nobody"/> in all when there are none.</returns>
    ushort[] Build(ReadOnlySpan<RingMember> members, int bits);

    /// <summary>The imbalance to be expected before a ring is built, in millionths, rounded up, and of whom: what the shares of the algorithm can be off by.
    /// Where they are exact this is what it will be; where they are drawn, the standard deviation of the lightest member's share.</summary>
    /// <param name="members">At least one.</param>
    (int Ppm, int Member) Expected(ReadOnlySpan<RingMember> members, int bits);
}

/// <summary>The algorithms by their names in the language.</summary>
public static class RingAlgorithms
{
    /// <summary>Slots without a backend, where there are no members.</summary>
    public const ushort Nobody = 0xffff;

    private static readonly Maglev MaglevRings = new();

    private static readonly Rendezvous RendezvousRings = new();

    public static IRingAlgorithm Of(RingAlgorithm algorithm) => algorithm == RingAlgorithm.Rendezvous ? RendezvousRings : MaglevRings;

    /// <summary>As in YAML.</summary>
    public static string Name(this RingAlgorithm algorithm) => algorithm == RingAlgorithm.Rendezvous ? "rendezvous" : "maglev";

    /// <summary>Null for a name that is none.</summary>
    public static RingAlgorithm? Parse(string? name) => name switch
    {
        "maglev" => RingAlgorithm.Maglev,
        "rendezvous" => RingAlgorithm.Rendezvous,
        _ => null,
    };
}
