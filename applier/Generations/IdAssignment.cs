using System.Collections.Immutable;
using Weir.Compiler.Emit;

namespace Weir.Applier.Generations;

/// <summary>Gives every backend of a bundle an id of this host. A known identity keeps its id, so that whatever remembers an id
/// never means another backend.</summary>
public static class IdAssignment
{
    /// <summary>For a new instance with maps of its own: any id that no backend of the bundle holds is free.
    /// Pools are recognised by name.</summary>
    /// <exception cref="ApplierException">A pool has more backends than ids (75).</exception>
    public static ImmutableArray<PoolIds> ForNewInstance(ImmutableArray<ManifestPool> pools, ImmutableArray<PoolIds> known)
    {
        Dictionary<string, PoolIds> byName = known.ToDictionary(pool => pool.Pool, StringComparer.Ordinal);
        return [.. pools.Select(pool => Assign(pool, byName.GetValueOrDefault(pool.Name)?.Ids ?? PoolIds.None, keepKnown: false))];
    }

    /// <summary>For stores into live maps: an id that the live generation uses for any backend, also one that leaves now, is not free,
    /// since packets may still follow it. Pools are recognised by their place in the maps.</summary>
    /// <exception cref="ApplierException">No id is free (75), with the backend that waits for one.</exception>
    public static ImmutableArray<PoolIds> ForLiveMaps(ImmutableArray<ManifestPool> pools, ImmutableArray<PoolIds> live) =>
        [.. pools.Select((pool, index) => Assign(pool, live[index].Ids, keepKnown: true))];

    private static PoolIds Assign(ManifestPool pool, ImmutableSortedDictionary<string, int> known, bool keepKnown)
    {
        int count = Math.Min(pool.Capacity, PoolIds.Highest + 1);
        bool[] taken = new bool[count];
        ImmutableSortedDictionary<string, int>.Builder ids = PoolIds.None.ToBuilder();
        foreach (ManifestBackend backend in pool.Backends)
        {
            // A pool whose capacity shrank may have ids that no longer exist.
            if (known.TryGetValue(backend.Identity, out int id) && id < count)
            {
                ids.Add(backend.Identity, id);
                taken[id] = true;
            }
        }

        if (keepKnown)
        {
            foreach (int id in known.Values)
            {
                taken[id] = true;
            }
        }

        int next = 0;
        foreach (ManifestBackend backend in pool.Backends.Where(backend => !ids.ContainsKey(backend.Identity)))
        {
            next = Array.IndexOf(taken, false, next);
            if (next < 0)
            {
                throw ApplierException.Transient(
                    $"Pool {pool.Name} has no free id for backend {backend.Name}: {count} ids, those of leaving backends still in use. " +
                    "Apply a bundle without the leaving backends first, or raise the pool's capacity.");
            }

            ids.Add(backend.Identity, next);
            taken[next] = true;
        }

        return new PoolIds(pool.Name, ids.ToImmutable());
    }
}
