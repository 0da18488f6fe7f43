using System.Collections.Immutable;
using System.Globalization;
using Weir.Compiler.Planning;

namespace Weir.Compiler.Rings;

/// <summary>What another bundle does to a pool's flows.</summary>
public enum RingChange
{
    /// <summary>Only in the later plan.</summary>
    Added,

    /// <summary>Only in the earlier plan.</summary>
    Removed,

    /// <summary>Another number of slots: slots cannot be compared and about every flow may move.</summary>
    Resized,

    /// <summary>Another seed: flows have other slots, and about every flow moves.</summary>
    Rekeyed,

    /// <summary>The same slots; those that moved are named, if any.</summary>
    Compared,
}

/// <summary>Slots <paramref name="First"/> to <paramref name="Last"/>, inclusive, go from one backend to another; null is no backend.
/// A backend is called by its name in the plan it is taken from.</summary>
public sealed record MovedSlots(int First, int Last, string? From, string? To);

/// <param name="Slots">Slots of the ring (of the later plan, where there are two).</param>
/// <param name="Moved">Slots that have another backend (another identity).</param>
/// <param name="MovedPpm">The same as a share of all slots, in millionths: the share of the hash space.</param>
/// <param name="Ranges">Ascending; empty unless <see cref="RingChange.Compared"/>.</param>
public sealed record PoolRingChange(string Pool, RingChange Change, int Slots, int Moved, int MovedPpm, ImmutableArray<MovedSlots> Ranges);

/// <summary>Compares the rings of two plans of a site.</summary>
public static class RingChanges
{
    /// <summary>One entry per pool of either plan, sorted by name; unchanged pools are there with nothing moved.</summary>
    public static ImmutableArray<PoolRingChange> Between(SitePlan before, SitePlan after)
    {
        Dictionary<string, PoolPlan> old = before.Pools.ToDictionary(p => p.Name, StringComparer.Ordinal);
        Dictionary<string, PoolPlan> now = after.Pools.ToDictionary(p => p.Name, StringComparer.Ordinal);
        return [.. old.Keys.Union(now.Keys).Order(StringComparer.Ordinal).Select(name => (old.GetValueOrDefault(name), now.GetValueOrDefault(name)) switch
        {
            (null, { } added) => new PoolRingChange(name, RingChange.Added, added.Ring.Length, 0, 0, []),
            ({ } removed, null) => new PoolRingChange(name, RingChange.Removed, removed.Ring.Length, 0, 0, []),
            ({ } a, { } b) when a.Ring.Length != b.Ring.Length => new PoolRingChange(name, RingChange.Resized, b.Ring.Length, 0, 0, []),
            (_, { } b) when before.HashKey != after.HashKey => new PoolRingChange(name, RingChange.Rekeyed, b.Ring.Length, 0, 0, []),
            ({ } a, { } b) => Compare(a, b),
            _ => throw new InvalidOperationException(string.Create(CultureInfo.InvariantCulture, $"Pool {name} is in neither plan.")),
        })];
    }

    private static PoolRingChange Compare(PoolPlan before, PoolPlan after)
    {
        var ranges = ImmutableArray.CreateBuilder<MovedSlots>();
        int moved = 0;
        for (int slot = 0; slot < after.Ring.Length; slot++)
        {
            BackendPlan? from = Owner(before, slot);
            BackendPlan? to = Owner(after, slot);
            if (from?.Identity == to?.Identity)
            {
                continue;
            }

            moved++;
            MovedSlots range = new(slot, slot, from?.Name, to?.Name);
            if (ranges.Count > 0 && ranges[^1] is var last && last.Last == slot - 1 && last with { First = slot, Last = slot } == range)
            {
                ranges[^1] = last with { Last = slot };
            }
            else
            {
                ranges.Add(range);
            }
        }

        return new PoolRingChange(after.Name, RingChange.Compared, after.Ring.Length, moved, (int)(moved * 1_000_000L / after.Ring.Length), ranges.ToImmutable());
    }

    private static BackendPlan? Owner(PoolPlan pool, int slot) => pool.Ring[slot] == PoolPlan.NoBackend ? null : pool.Backends[pool.Ring[slot]];
}
