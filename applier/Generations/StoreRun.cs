using System.Collections.Immutable;
using Weir.Applier.Libbpf;

namespace Weir.Applier.Generations;

/// <summary>Carries planned stores out on live maps.</summary>
public static class StoreRun
{
    /// <summary>Makes every store, in order. Between slots that turned and rows that are freed, packets that read an old slot are
    /// waited for. Doing it twice does no harm.</summary>
    /// <param name="before">Told of each phase before its first store.</param>
    public static void Execute(Instance live, ImmutableArray<Store> stores, Action<StorePhase>? before = null)
    {
        StorePhase? phase = null;
        foreach (Store store in stores)
        {
            if (phase != store.Phase)
            {
                if (store.Phase == StorePhase.FreedRows)
                {
                    Grace.Wait();
                }

                Thread.MemoryBarrier();
                before?.Invoke(store.Phase);
                phase = store.Phase;
            }

            Make(live.Map(store.Section), store);
        }

        Thread.MemoryBarrier();
    }

    /// <summary>Reads every store back.</summary>
    /// <exception cref="ApplierException">A map holds something else: somebody else writes to it.</exception>
    public static void Compare(Instance live, ImmutableArray<Store> stores)
    {
        foreach (Store store in stores)
        {
            ulong found = Read(live.Map(store.Section), store);
            if (found != store.New)
            {
                throw ApplierException.Failed(
                    $"{store.Section} holds {found:x} at offset {store.Offset} where {store.New:x} was just written: " +
                    "another program writes to the pinned maps. Find and stop it, then apply again.");
            }
        }
    }

    private static void Make(MapMapping map, Store store)
    {
        switch (store.Width)
        {
            case 1:
                map.Store8(store.Offset, (byte)store.New);
                break;
            case 2:
                map.Store16(store.Offset, (ushort)store.New);
                break;
            case 4:
                map.Store32(store.Offset, (uint)store.New);
                break;
            default:
                map.Store64(store.Offset, store.New);
                break;
        }
    }

    private static ulong Read(MapMapping map, Store store) => store.Width switch
    {
        1 => map.Load8(store.Offset),
        2 => map.Load16(store.Offset),
        4 => map.Load32(store.Offset),
        _ => map.Load64(store.Offset),
    };
}
