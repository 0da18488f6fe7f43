using System.Buffers.Binary;
using System.Collections.Immutable;
using System.Net;
using System.Net.Sockets;
using System.Runtime.InteropServices;
using Weir.Compiler.Lookup;
using Weir.Compiler.Planning;
using Weir.Compiler.Topologies;

namespace Weir.Compiler.Lowering;

/// <summary>The bytes of the program's data sections: <c>bpf/README.md</c>, section 7.</summary>
public static class Images
{
    /// <summary>Ring entries without a backend; the value above is reserved for slots in transition.</summary>
    public const byte NoBackend8 = 254;

    public const ushort NoBackend16 = 65_534;

    /// <summary>A load at an index that clang folded may run one entry over, and a load is at most two entries wide.</summary>
    public const int SpareEntries = 2;

    private const int InUse = 1;
    private const int IsIpv6 = 2;
    private const int KindShift = 2;
    private const int SourceShift = 6;
    private const int HandsOn = 1 << 15;

    /// <summary>A range's row for IPv4 says so in the top bit of its services.</summary>
    private const uint IsRange = 1u << 31;

    /// <summary>Sorted by section.</summary>
    public static ImmutableArray<MapImage> Of(DataPlane dataPlane)
    {
        var services = new ServiceRows(dataPlane);
        MapImage?[] images =
        [
            Image(".data.backend", ImagePart.Population, Backends(dataPlane)),
            Image(".data.policy", ImagePart.Tables, PolicyImage.Of(dataPlane)),
            Image(".data.follow", ImagePart.Tables, Follow(dataPlane)),
            Image(".data.begins", ImagePart.Tables, FlowRegions.Beginnings(dataPlane)),
            Image(".data.region", ImagePart.Tables, FlowRegions.Regions(dataPlane)),
            Image(".data.ring16", ImagePart.Population, Ring16(dataPlane)),
            Image(".data.ring8", ImagePart.Population, Ring8(dataPlane)),
            Image(".data.server", ImagePart.Tables, ServerTable.Of(dataPlane)),
            Image(".data.service", ImagePart.Tables, Services(dataPlane, services)),
            Image(".data.source", ImagePart.Tables, SourceImage.Of(dataPlane)),
            Image(".data.vip", ImagePart.Tables, Vips(dataPlane, services)),
        ];
        return [.. images.OfType<MapImage>()];
    }

    private static MapImage? Image(string section, ImagePart part, byte[] bytes) => bytes.Length == 0
        ? null
        : new MapImage(section, $"maps/{section[".data.".Length..]}.img", part, ImmutableCollectionsMarshal.AsImmutableArray(bytes));

    private static byte[] Ring8(DataPlane dataPlane)
    {
        if (dataPlane.Sizes.Ring8Slots == 0)
        {
            return [];
        }

        var bytes = new byte[dataPlane.Sizes.Ring8Slots + SpareEntries];
        Array.Fill(bytes, NoBackend8);
        foreach ((PoolPlan pool, PoolPlace place) in dataPlane.Plan.Pools.Zip(dataPlane.Pools).Where(p => !p.Second.Wide))
        {
            Span<byte> ring = bytes.AsSpan(place.RingOffset, pool.Ring.Length);
            for (int slot = 0; slot < ring.Length; slot++)
            {
                ring[slot] = pool.Ring[slot] == PoolPlan.NoBackend ? NoBackend8 : checked((byte)pool.Ring[slot]);
            }
        }

        return bytes;
    }

    private static byte[] Ring16(DataPlane dataPlane)
    {
        if (dataPlane.Sizes.Ring16Slots == 0)
        {
            return [];
        }

        var entries = new ushort[dataPlane.Sizes.Ring16Slots + SpareEntries];
        Array.Fill(entries, NoBackend16);
        foreach ((PoolPlan pool, PoolPlace place) in dataPlane.Plan.Pools.Zip(dataPlane.Pools).Where(p => p.Second.Wide))
        {
            Span<ushort> ring = entries.AsSpan(place.RingOffset, pool.Ring.Length);
            pool.Ring.CopyTo(ring);
            ring.Replace(PoolPlan.NoBackend, NoBackend16);
        }

        if (!BitConverter.IsLittleEndian)
        {
            BinaryPrimitives.ReverseEndianness(entries, entries);
        }

        return MemoryMarshal.AsBytes(entries.AsSpan()).ToArray();
    }

    private static byte[] Backends(DataPlane dataPlane)
    {
        CStruct layout = dataPlane.BackendsV6 ? Layouts.Backend : Layouts.Backend4;
        var bytes = new byte[checked(dataPlane.Sizes.Backends * layout.Size)];
        var rows = new StructImage(bytes, layout);
        ImmutableArray<ushort> seeds = [.. dataPlane.Plan.Encapsulations.Select(e => e.SourceV4 is { } v4 ? CheckSeed.OfSource(v4) : (ushort)0)];
        ImmutableArray<int> sources4 = [.. dataPlane.Plan.Encapsulations.Select(e => SourceRow(dataPlane.SourcesV4, e.SourceV4))];
        ImmutableArray<int> sources6 = [.. dataPlane.Plan.Encapsulations.Select(e => SourceRow(dataPlane.SourcesV6, e.SourceV6))];
        ImmutableArray<int> kinds = [.. dataPlane.Plan.Encapsulations.Select(e => DeliveryKind.IndexOf(dataPlane.Kinds, e))];
        foreach ((PoolPlan pool, PoolPlace place) in dataPlane.Plan.Pools.Zip(dataPlane.Pools))
        {
            for (int i = 0; i < pool.Backends.Length; i++)
            {
                IPAddress address = pool.Backends[i].Address;
                bool v6 = address.AddressFamily == AddressFamily.InterNetworkV6;
                int row = place.BackendOffset + i;
                int encapsulation = pool.Backends[i].Encapsulation;
                int source = (v6 ? sources6 : sources4)[encapsulation];
                rows.SetBytes(row, "address", address.GetAddressBytes());
                rows.Set(row, "check_seed", Seed(dataPlane.Plan, pool.Backends[i], seeds[encapsulation]));
                rows.Set(row, "flags", (ulong)((ServerTable.TakesPackets(dataPlane.Plan, pool, i) ? InUse : 0) | (v6 ? IsIpv6 : 0) | (kinds[encapsulation] << KindShift) | (source << SourceShift) | (pool.Backends[i].HandsOn ? HandsOn : 0)));
            }
        }

        return bytes;
    }

    /// <summary>Of a backend reached by NAT its port, as in the packet, or 0.</summary>
    private static ulong Seed(SitePlan plan, BackendPlan backend, ushort source) => plan.Encapsulations[backend.Encapsulation].Type switch
    {
        EncapsulationType.Nat => BinaryPrimitives.ReverseEndianness(backend.Port),
        _ when backend.Address.AddressFamily == AddressFamily.InterNetworkV6 => 0,
        _ => CheckSeed.OfBackend(source, backend.Address),
    };

    /// <summary>0 where the family has one source, or none.</summary>
    private static int SourceRow(ImmutableArray<OuterSource> sources, OuterSource? source) => source is null ? 0 : Math.Max(0, sources.IndexOf(source));

    /// <summary>A byte a VIP, where any has its fragments followed.</summary>
    private static byte[] Follow(DataPlane dataPlane)
    {
        ImmutableArray<VipPlan> vips = dataPlane.Plan.Vips;
        if (vips.All(v => v.Fragments == FragmentPolicy.Drop))
        {
            return [];
        }

        var bytes = new byte[dataPlane.Sizes.Vips];
        for (int vip = 0; vip < vips.Length; vip++)
        {
            bytes[vip] = vips[vip].Fragments == FragmentPolicy.Follow ? (byte)1 : (byte)0;
        }

        return bytes;
    }

    private static byte[] Services(DataPlane dataPlane, ServiceRows services)
    {
        TableSizes sizes = dataPlane.Sizes;
        var bytes = new byte[checked(sizes.ServiceRows * Layouts.Service.Size)];
        var rows = new StructImage(bytes, Layouts.Service);
        for (int row = 0; row < sizes.ServiceRows; row++)
        {
            // Greater than every key, so the search never ends here, and an interval that holds none.
            int set = row >> sizes.ServiceSteps;
            int at = row & ((1 << sizes.ServiceSteps) - 1);
            if (set >= services.Sets.Length || at >= services.Sets[set].Length)
            {
                rows.Set(row, "first", uint.MaxValue);
                continue;
            }

            Service service = services.Sets[set][at];
            PoolPlace place = dataPlane.Pools[service.Pool];
            uint protocol = (uint)service.Ports.Protocol << 16;
            rows.Set(row, "first", protocol | service.Ports.First);
            rows.Set(row, "last", protocol | service.Ports.Last);
            rows.Set(row, "vip", (ulong)service.Vip);
            rows.Set(row, "ring", (ulong)place.RingOffset);
            rows.Set(row, "backend", (ulong)place.BackendOffset);
            rows.Set(row, "ring_shift", (ulong)(32 - place.RingBits));
            rows.Set(row, "ring_wide", place.Wide ? 1ul : 0);
            rows.Set(row, "pool", (ulong)service.Pool);
            rows.Set(row, "affinity", (ulong)ServerTable.AffinityOf(dataPlane.Plan, service));
        }

        return bytes;
    }

    private static byte[] Vips(DataPlane dataPlane, ServiceRows services)
    {
        if (Layouts.Vips(dataPlane.Sizes) is not { } layout)
        {
            return [];
        }

        var bytes = new byte[layout.Size];
        Fill(bytes, layout, "4", Layouts.Vip4, dataPlane.MatchV4, dataPlane.Sizes.Vip4Bits, services);
        Fill(bytes, layout, "6", Layouts.Vip6, dataPlane.MatchV6, dataPlane.Sizes.Vip6Bits, services);
        return bytes;
    }

    private static void Fill(byte[] bytes, CStruct layout, string family, CStruct rowLayout, VipMatch? match, int bits, ServiceRows services)
    {
        if (match is not { Kind: MatchKind.Hashed })
        {
            return;
        }

        PerfectHash hash = PerfectHash.Build(match.Addresses.Length, (key, seed) => VipHash.Of(match.Addresses[key], seed), bits);
        var whole = new StructImage(bytes, layout);
        whole.Set(0, "seed" + family, hash.Seed);
        Span<byte> displacements = whole.Place(0, layout["displace" + family]);
        for (int bucket = 0; bucket < hash.Displacements.Length; bucket++)
        {
            BinaryPrimitives.WriteUInt16LittleEndian(displacements[(2 * bucket)..], hash.Displacements[bucket]);
        }

        var rows = new StructImage(whole.Place(0, layout["rows" + family]), rowLayout);
        for (int row = 0; row < hash.Rows.Length; row++)
        {
            AddressServices address = match.Addresses[hash.Rows[row]];
            rows.SetBytes(row, "address", VipHash.Key(address).GetAddressBytes());
            rows.Set(row, "services", (ulong)services[address]);
            if (address is { IsRange: true, Address.AddressFamily: AddressFamily.InterNetwork })
            {
                rows.Set(row, "services", IsRange | (ulong)services[address]);
            }
            else if (address.IsRange)
            {
                rows.Set(row, "range", 1);
            }
        }
    }
}
