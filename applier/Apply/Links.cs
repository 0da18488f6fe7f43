using System.Buffers.Binary;
using System.Collections.Immutable;
using System.Net;
using System.Net.NetworkInformation;
using Weir.Applier.Generations;
using Weir.Applier.Libbpf;
using Weir.Applier.Network;
using Weir.Compiler.Emit;
using Weir.Compiler.Planning;
using Weir.Compiler.Topologies;

namespace Weir.Applier.Apply;

/// <summary>MACs of backends on the host's own link (<c>type: l2</c>) and the bytes of <c>.data.link</c>: a word for every row of the backend table.
/// A backend that does not answer holds nothing up: one dead server must not keep a change from all others. Its packets are dropped under a reason of
/// their own and status names it, until a later apply finds it out.</summary>
public static class Links
{
    public const string Section = ".data.link";

    private static readonly TimeSpan s_pause = TimeSpan.FromMilliseconds(20);

    /// <summary>Words by the backend's address, 0 where nobody answers; empty where the site has no such backends.</summary>
    /// <param name="before">What the last generation knew: it stays in force where nobody answers now.</param>
    public static ImmutableSortedDictionary<string, ulong> Resolve(
        SitePlan plan, HostInterface on, ImmutableSortedDictionary<string, ulong> before, TimeProvider time, CancellationToken cancellation)
    {
        ImmutableSortedDictionary<string, ulong>.Builder words = ImmutableSortedDictionary.CreateBuilder<string, ulong>(StringComparer.Ordinal);
        HashSet<IPAddress> pending = [];
        foreach (BackendPlan backend in plan.Pools.SelectMany(pool => pool.Backends).Where(b => plan.Encapsulations[b.Encapsulation].Type == EncapsulationType.L2))
        {
            words[backend.Address.ToString()] = SiteData.Word(backend.Mac);
            if (backend.Mac is null)
            {
                pending.Add(backend.Address);
            }
        }

        if (pending.Count > 0)
        {
            Ask(pending, words, on, time, cancellation);
        }

        foreach (IPAddress silent in pending)
        {
            words[silent.ToString()] = before.GetValueOrDefault(silent.ToString());
        }

        return words.ToImmutable();
    }

    /// <summary>The section's bytes: every backend's word in the row of the host's id.</summary>
    public static byte[] Image(Manifest manifest, ImmutableArray<PoolIds> ids, ImmutableSortedDictionary<string, ulong> words)
    {
        byte[] bytes = new byte[manifest.Maps.Single(map => map.Section == Section).Size];
        foreach ((ManifestPool pool, PoolIds own) in manifest.Pools.Zip(ids))
        {
            foreach (ManifestBackend backend in pool.Backends)
            {
                int row = pool.BackendOffset + own.Ids[backend.Identity];
                BinaryPrimitives.WriteUInt64LittleEndian(bytes.AsSpan(row * sizeof(ulong)), words.GetValueOrDefault(backend.Address));
            }
        }

        return bytes;
    }

    /// <summary>The images and, where the site has them, the links.</summary>
    internal static ImmutableSortedDictionary<string, byte[]> With(ImmutableSortedDictionary<string, byte[]> images, ApplyWork work, ImmutableArray<PoolIds> ids) =>
        Has(work.Bundle.Manifest) ? images.SetItem(Section, Image(work.Bundle.Manifest, ids, work.Links)) : images;

    /// <summary>New words go before the rows that need them, words of freed rows behind all others.</summary>
    internal static (ImmutableArray<Store> First, ImmutableArray<Store> Last) Stores(ApplyWork work, Instance live, ImmutableArray<PoolIds> ids)
    {
        if (!Has(work.Bundle.Manifest))
        {
            return ([], []);
        }

        MapMapping map = live.Map(Section);
        byte[] wanted = Image(work.Bundle.Manifest, ids, work.Links);
        ImmutableArray<Store> all =
        [
            .. Enumerable.Range(0, wanted.Length / sizeof(ulong)).Select(row => row * sizeof(ulong))
                .Select(at => (At: at, Old: map.Load64(at), New: BinaryPrimitives.ReadUInt64LittleEndian(wanted.AsSpan(at))))
                .Where(word => word.Old != word.New)
                .Select(word => new Store(Section, word.New == 0 ? StorePhase.FreedRows : StorePhase.Site, word.At, sizeof(ulong), word.Old, word.New)),
        ];
        return ([.. all.Where(store => store.Phase == StorePhase.Site)], [.. all.Where(store => store.Phase != StorePhase.Site)]);
    }

    public static bool Has(Manifest manifest) => manifest.Maps.Any(map => map.Section == Section);

    /// <summary>Takes those that answer out of <paramref name="pending"/>. All are asked at once.</summary>
    private static void Ask(HashSet<IPAddress> pending, ImmutableSortedDictionary<string, ulong>.Builder words, HostInterface on, TimeProvider time, CancellationToken cancellation)
    {
        using Neighbours neighbours = new(on, time);
        long start = time.GetTimestamp(), asked = 0;
        while (pending.Count > 0 && time.GetElapsedTime(start) < NextHops.Deadline)
        {
            foreach (IPAddress address in pending.ToArray())
            {
                // Where the host has no route to the address, the kernel takes it for a broadcast.
                if (neighbours.Find(address) is PhysicalAddress mac && (mac.GetAddressBytes()[0] & 1) == 0)
                {
                    words[address.ToString()] = SiteData.Word(mac);
                    pending.Remove(address);
                }
            }

            if (asked == 0 || time.GetElapsedTime(asked) > TimeSpan.FromSeconds(1))
            {
                asked = time.GetTimestamp();
                foreach (IPAddress address in pending)
                {
                    neighbours.Use(address);
                }
            }

            if (pending.Count > 0)
            {
                Task.Delay(s_pause, time, cancellation).GetAwaiter().GetResult();
            }
        }
    }
}
