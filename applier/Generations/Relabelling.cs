using System.Collections.Immutable;
using System.Runtime.InteropServices;
using Weir.Compiler.Emit;

namespace Weir.Applier.Generations;

/// <summary>Turns a bundle's images, which number backends densely, into those of this host, which use its ids.</summary>
public static class Relabelling
{
    /// <summary>Entries of a narrow ring from here on are no backends: none (254), slot in transition (255).</summary>
    public const byte ReservedNarrow = 254;

    /// <summary>The same in a wide ring.</summary>
    public const ushort ReservedWide = 65_534;

    private const string BackendSection = ".data.backend";

    /// <param name="images">Bytes by section.</param>
    /// <param name="ids">By pool number.</param>
    /// <returns>Every image again, rings, backend rows and server ids with the host's ids in them.</returns>
    /// <exception cref="ApplierException">A ring names a backend that its pool does not have, or a pool reaches over an image's end.</exception>
    public static ImmutableSortedDictionary<string, byte[]> Relabel(
        Manifest manifest,
        IReadOnlyDictionary<string, ReadOnlyMemory<byte>> images,
        ImmutableArray<PoolIds> ids)
    {
        ImmutableSortedDictionary<string, byte[]> result = images.ToImmutableSortedDictionary(
            image => image.Key, image => image.Value.ToArray(), StringComparer.Ordinal);
        if (result.TryGetValue(BackendSection, out byte[]? rows))
        {
            Array.Clear(rows);
        }

        int rowBytes = BackendRowBytes(manifest);
        foreach ((ManifestPool pool, PoolIds poolIds) in manifest.Pools.Zip(ids))
        {
            int[] idOf = [.. pool.Backends.Select(backend => poolIds.Ids[backend.Identity])];
            RelabelRing(pool, idOf, result.GetValueOrDefault(pool.RingMap) ?? throw Missing(pool, pool.RingMap));
            if (rows is null)
            {
                throw Missing(pool, BackendSection);
            }

            MoveRows(pool, idOf, rowBytes, images[BackendSection].Span, rows);
        }

        ServerIdRelabelling.Relabel(manifest, result, ids);
        return result;
    }

    /// <summary>Bytes of a row of <c>.data.backend</c>: <c>weir_backend</c> where the site has IPv6 backends, else <c>weir_backend4</c>.</summary>
    public static int BackendRowBytes(Manifest manifest) =>
        manifest.Layout.Where(layout => layout.Name is "weir_backend" or "weir_backend4").Select(layout => layout.Size).Single();

    private static void RelabelRing(ManifestPool pool, int[] idOf, byte[] image)
    {
        int slots = 1 << pool.RingBits;
        if ((pool.RingOffset + slots) * pool.EntryBytes > image.Length)
        {
            throw Beyond(pool, pool.RingMap);
        }

        if (pool.EntryBytes == 1)
        {
            Span<byte> ring = image.AsSpan(pool.RingOffset, slots);
            foreach (ref byte entry in ring)
            {
                if (entry < ReservedNarrow)
                {
                    entry = (byte)IdOf(pool, idOf, entry);
                }
            }
        }
        else
        {
            Span<ushort> ring = MemoryMarshal.Cast<byte, ushort>(image.AsSpan()).Slice(pool.RingOffset, slots);
            foreach (ref ushort entry in ring)
            {
                if (entry < ReservedWide)
                {
                    entry = (ushort)IdOf(pool, idOf, entry);
                }
            }
        }
    }

    private static void MoveRows(ManifestPool pool, int[] idOf, int rowBytes, ReadOnlySpan<byte> dense, Span<byte> own)
    {
        if ((pool.BackendOffset + pool.Capacity) * rowBytes > dense.Length)
        {
            throw Beyond(pool, BackendSection);
        }

        for (int index = 0; index < idOf.Length; index++)
        {
            dense.Slice((pool.BackendOffset + index) * rowBytes, rowBytes).CopyTo(own[((pool.BackendOffset + idOf[index]) * rowBytes)..]);
        }
    }

    private static int IdOf(ManifestPool pool, int[] idOf, int dense) => dense < idOf.Length
        ? idOf[dense]
        : throw ApplierException.Failed(
            $"The ring of pool {pool.Name} names backend {dense} of {idOf.Length}. The bundle contradicts itself: build it again.");

    private static ApplierException Beyond(ManifestPool pool, string section) => ApplierException.Failed(
        $"Pool {pool.Name} reaches over the end of {section}. The bundle contradicts itself: build it again.");

    private static ApplierException Missing(ManifestPool pool, string section) => ApplierException.Failed(
        $"Pool {pool.Name} needs {section}, which the bundle lacks: build it again.");
}
