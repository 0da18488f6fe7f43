using System.Collections.Concurrent;
using System.Collections.Immutable;
using Weir.Compiler.Topologies;

namespace Weir.Compiler.Rings;

/// <summary>A ring with its measures.</summary>
/// <param name="Slots">Index of the member that owns each slot, or <see cref="RingAlgorithms.Nobody"/>.</param>
/// <param name="ImbalancePpm">See <see cref="RingMeasure.Imbalance(ReadOnlySpan{RingMember}, ReadOnlySpan{ushort})"/>.</param>
/// <param name="Worst">The member whose share is farthest off.</param>
/// <param name="ExpectedPpm">See <see cref="IRingAlgorithm.Expected"/>.</param>
/// <param name="Lightest">The member whose share that is.</param>
public sealed record BuiltRing(ImmutableArray<ushort> Slots, int ImbalancePpm, int Worst, int CollateralPpm, int ExpectedPpm, int Lightest)
{
    /// <param name="leavers">See <see cref="RingMeasure.Collateral"/>.</param>
    public static BuiltRing Of(RingAlgorithm algorithm, RingMember[] members, int bits, int leavers)
    {
        IRingAlgorithm rings = RingAlgorithms.Of(algorithm);
        ushort[] ring = rings.Build(members, bits);
        (int imbalance, int worst) = RingMeasure.Imbalance(members, ring);
        (int expected, int lightest) = members.Length == 0 ? (0, -1) : rings.Expected(members, bits);
        return new BuiltRing([.. ring], imbalance, worst, RingMeasure.Collateral(rings, members, ring, bits, leavers), expected, lightest);
    }
}

/// <summary>Rings that have been built, so that two revisions of a topology and all of its sites build each ring once. A ring depends on nothing but what
/// it is asked for by, so it does not matter who asked first.</summary>
public sealed class RingCache
{
    private readonly ConcurrentDictionary<Wanted, Lazy<BuiltRing>> _rings = new();

    /// <inheritdoc cref="BuiltRing.Of"/>
    public BuiltRing Of(RingAlgorithm algorithm, RingMember[] members, int bits, int leavers) =>
        _rings.GetOrAdd(new Wanted(algorithm, members, bits, leavers), static w => new Lazy<BuiltRing>(() => BuiltRing.Of(w.Algorithm, w.Members, w.Bits, w.Leavers))).Value;

    private readonly record struct Wanted(RingAlgorithm Algorithm, RingMember[] Members, int Bits, int Leavers)
    {
        public bool Equals(Wanted other) => Algorithm == other.Algorithm && Bits == other.Bits && Leavers == other.Leavers && Members.AsSpan().SequenceEqual(other.Members);

        public override int GetHashCode()
        {
            HashCode hash = new();
            hash.Add(Algorithm);
            hash.Add(Bits);
            hash.Add(Leavers);
            foreach (RingMember member in Members)
            {
                hash.Add(member.Identity);
                hash.Add(member.Weight);
            }

            return hash.ToHashCode();
        }
    }
}
