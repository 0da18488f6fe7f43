using System.Collections.Concurrent;
using System.Collections.Immutable;

namespace Weir.Compiler.Rings;

/// <summary>A ring with its measures.</summary>
/// <param name="Slots">Index of the member that owns each slot, or <see cref="Maglev.Nobody"/>.</param>
/// <param name="ImbalancePpm">See <see cref="RingMeasure.Imbalance(ReadOnlySpan{RingMember}, ReadOnlySpan{ushort})"/>.</param>
/// <param name="Worst">The member whose share is farthest off.</param>
public sealed record BuiltRing(ImmutableArray<ushort> Slots, int ImbalancePpm, int Worst, int CollateralPpm)
{
    /// <param name="leavers">See <see cref="RingMeasure.Collateral"/>.</param>
    public static BuiltRing Of(RingMember[] members, int bits, int leavers)
    {
        ushort[] ring = Maglev.Build(members, bits);
        (int imbalance, int worst) = RingMeasure.Imbalance(members, ring);
        return new BuiltRing([.. ring], imbalance, worst, RingMeasure.Collateral(members, ring, bits, leavers));
    }
}

/// <summary>Rings that have been built, so that two revisions of a topology and all of its sites build each ring once. A ring depends on nothing but what
/// it is asked for by, so it does not matter who asked first.</summary>
public sealed class RingCache
{
    private readonly ConcurrentDictionary<Wanted, Lazy<BuiltRing>> _rings = new();

    /// <inheritdoc cref="BuiltRing.Of"/>
    public BuiltRing Of(RingMember[] members, int bits, int leavers) =>
        _rings.GetOrAdd(new Wanted(members, bits, leavers), static w => new Lazy<BuiltRing>(() => BuiltRing.Of(w.Members, w.Bits, w.Leavers))).Value;

    private readonly record struct Wanted(RingMember[] Members, int Bits, int Leavers)
    {
        public bool Equals(Wanted other) => Bits == other.Bits && Leavers == other.Leavers && Members.AsSpan().SequenceEqual(other.Members);

        public override int GetHashCode()
        {
            HashCode hash = new();
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
