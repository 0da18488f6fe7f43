using System.Buffers.Binary;
using System.Collections.Immutable;
using CsCheck;
using Weir.Applier.Generations;
using Weir.Compiler.Emit;
using Xunit;

namespace Weir.Applier.Tests.Generations;

public class StorePlanTests
{
    private const int Slots = 64, RingBits = 6, Capacity = 16;

    /// <summary>A generation: identities, and for every slot a dense number.</summary>
    private static readonly Gen<(ImmutableArray<ulong> Identities, int[] Ring)> Generation =
        from identities in Gen.ULong[1, 12].HashSet[1, 6]
        from ring in Gen.Int[0, identities.Count].Array[Slots]
        select (identities.Order().ToImmutableArray(), ring);

    [Fact]
    public void At_every_store_every_slot_names_an_old_or_new_owner_with_a_row() =>
        Gen.Select(Generation, Generation, Gen.OneOf(1, 2)).Sample((before, after, entryBytes) =>
        {
            (Manifest oldManifest, Dictionary<string, byte[]> oldImages) = Images(before, entryBytes);
            ImmutableArray<PoolIds> oldIds = IdAssignment.ForNewInstance(oldManifest.Pools, []);
            var live = Relabelling.Relabel(oldManifest, AsMemory(oldImages), oldIds);

            (Manifest manifest, Dictionary<string, byte[]> images) = Images(after, entryBytes);
            ImmutableArray<PoolIds> ids = IdAssignment.ForLiveMaps(manifest.Pools, oldIds);
            var wanted = Relabelling.Relabel(manifest, AsMemory(images), ids);

            ImmutableArray<Store> stores = Assert.NotNull(StorePlan.Between(live, wanted, rowBytes: 8));
            Dictionary<string, byte[]> maps = live.ToDictionary(map => map.Key, map => (byte[])map.Value.Clone(), StringComparer.Ordinal);
            string ringSection = manifest.Pools[0].RingMap;
            byte[] bytes = new byte[8];
            foreach (Store store in stores)
            {
                Assert.Equal(0, store.Offset % store.Width);
                BinaryPrimitives.WriteUInt64LittleEndian(bytes, store.New);
                bytes.AsSpan(0, store.Width).CopyTo(maps[store.Section].AsSpan(store.Offset));
                for (int slot = 0; slot < Slots; slot++)
                {
                    int entry = Entry(maps[ringSection], slot, entryBytes);
                    Assert.True(
                        entry == Entry(live[ringSection], slot, entryBytes) || entry == Entry(wanted[ringSection], slot, entryBytes));
                    if (entry < Capacity)
                    {
                        Assert.NotEqual(0UL, BinaryPrimitives.ReadUInt64LittleEndian(maps[".data.backend"].AsSpan(entry * 8)));
                    }
                }
            }

            Assert.All(wanted, image => Assert.Equal(image.Value, maps[image.Key]));
        });

    [Fact]
    public void A_row_in_use_is_never_rewritten() =>
        Assert.Null(StorePlan.Between(
            new Dictionary<string, byte[]> { [".data.backend"] = [1, 0, 0, 0, 0, 0, 0, 0] },
            new Dictionary<string, byte[]> { [".data.backend"] = [2, 0, 0, 0, 0, 0, 0, 0] },
            rowBytes: 8));

    [Theory]
    [InlineData(8, 4)]
    [InlineData(24, 16)]
    public void Another_outer_source_is_one_store(int rowBytes, int addressBytes)
    {
        byte[] now = [.. Enumerable.Repeat((byte)7, addressBytes), 1, 2, 1, 0, .. new byte[rowBytes - addressBytes - 4]];
        byte[] wanted = [.. now[..addressBytes], 3, 4, 5, 0, .. now[(addressBytes + 4)..]];
        ImmutableArray<Store> stores = Assert.NotNull(StorePlan.Between(
            new Dictionary<string, byte[]> { [".data.backend"] = now }, new Dictionary<string, byte[]> { [".data.backend"] = wanted }, rowBytes));
        Store store = Assert.Single(stores);
        Assert.Equal((rowBytes - 8, 8, StorePhase.NewRows), (store.Offset, store.Width, store.Phase));
    }

    [Fact]
    public void Equal_images_need_no_store() =>
        Generation.Sample(generation =>
        {
            (Manifest _, Dictionary<string, byte[]> images) = Images(generation, 1);
            Assert.Empty(Assert.NotNull(StorePlan.Between(images, images, rowBytes: 8)));
        });

    [Fact]
    public void A_ring_that_names_a_backend_it_does_not_have_is_refused()
    {
        (Manifest manifest, Dictionary<string, byte[]> images) = Images(([1, 2], new int[Slots]), 1);
        images[".data.ring8"][7] = 2;
        ApplierException error = Assert.Throws<ApplierException>(
            () => Relabelling.Relabel(manifest, AsMemory(images), IdAssignment.ForNewInstance(manifest.Pools, [])));
        Assert.Equal(ExitCode.Failed, error.Exit);
    }

    private static (Manifest, Dictionary<string, byte[]>) Images((ImmutableArray<ulong> Identities, int[] Ring) generation, int entryBytes)
    {
        ManifestPool pool = Some.Pool("web", Capacity, generation.Identities, entryBytes, ringBits: RingBits);
        byte[] ring = new byte[(Slots + 2) * entryBytes], rows = new byte[Capacity * 8];
        for (int slot = 0; slot < Slots; slot++)
        {
            // One past the last backend stands for none.
            int entry = generation.Ring[slot] == generation.Identities.Length ? (entryBytes == 1 ? 254 : 65_534) : generation.Ring[slot];
            ring[slot * entryBytes] = (byte)entry;
            if (entryBytes == 2)
            {
                ring[(slot * 2) + 1] = (byte)(entry >> 8);
            }
        }

        for (int index = 0; index < generation.Identities.Length; index++)
        {
            BinaryPrimitives.WriteUInt64LittleEndian(rows.AsSpan(index * 8), generation.Identities[index] | 1UL << 48);
        }

        return (Some.Manifest(pool), new(StringComparer.Ordinal) { [pool.RingMap] = ring, [".data.backend"] = rows });
    }

    private static Dictionary<string, ReadOnlyMemory<byte>> AsMemory(Dictionary<string, byte[]> images) =>
        images.ToDictionary(image => image.Key, image => (ReadOnlyMemory<byte>)image.Value, StringComparer.Ordinal);

    private static int Entry(byte[] ring, int slot, int entryBytes) =>
        entryBytes == 1 ? ring[slot] : BinaryPrimitives.ReadUInt16LittleEndian(ring.AsSpan(slot * 2));
}
