using System.Buffers.Binary;
using System.Collections.Immutable;
using System.Globalization;
using System.Net;
using System.Numerics;
using Weir.Compiler.Lookup;
using Weir.Compiler.Planning;
using Weir.Compiler.Topologies;

namespace Weir.Compiler.Lowering;

/// <summary>The bytes of <c>.data.server</c>: what carries each pool's server ids, and a perfect hash from pool and id to the backend. Nothing in it depends on
/// weights or states, so that they stay population.</summary>
public static class ServerTable
{
    /// <summary>The largest table: 2^18 rows.</summary>
    private const int MaxRows = 1 << 18;

    /// <summary>Katran's first version: 16 bits of server id in three bytes, six bits before their end.</summary>
    private const int ShiftAt = 9;

    private const int NonceAt = 4;

    private const int KeyAt = 12;

    /// <summary>Rows for the server ids of a site, with room for more; 0 where no packet names a backend.</summary>
    /// <exception cref="OverflowException">There are more ids than the largest table has room for.</exception>
    public static int Rows(SitePlan plan)
    {
        int ids = plan.Pools.Where(Names).Sum(p => p.Backends.Length);
        int rows = SizeClass.WithRoom(checked(2 * ids));
        return rows <= MaxRows ? rows : throw new OverflowException(string.Create(CultureInfo.InvariantCulture, $"Site {plan.Site} has {ids} server ids, which is too many."));
    }

    /// <summary>Whether any server id has more than 8 bytes.</summary>
    public static bool HasLongIds(SitePlan plan) => plan.Pools.Any(p => p.Quic is { } quic && quic.Configs.Any(c => c.ServerIdLength > sizeof(ulong)));

    /// <summary>Where packets of a service say which backend they are for.</summary>
    public static Affinity AffinityOf(SitePlan plan, Service service)
    {
        ImmutableArray<(IPNetwork Source, int Pool)> routes = plan.Vips[service.Vip].Routes;
        IEnumerable<PoolPlan> pools = routes.Select(r => r.Pool).Prepend(service.Pool).Select(p => plan.Pools[p]);
        return service.Ports switch
        {
            { Protocol: TransportProtocol.Tcp } when pools.Any(p => p.TcpOption is not null) => Affinity.TcpOption,
            { Quic: true } when pools.Any(p => p.Quic is not null) => Affinity.ConnectionId,
            _ => Affinity.None,
        };
    }

    /// <summary>Whether packets may go to a backend: not if it is down. Only server ids and NAT's connections lead to one that is.</summary>
    internal static bool TakesPackets(SitePlan plan, PoolPlan pool, int backend) =>
        (!Names(pool) && plan.Encapsulations[pool.Backends[backend].Encapsulation].Type != EncapsulationType.Nat) || pool.Backends[backend].State != BackendState.Down;

    internal static byte[] Of(DataPlane dataPlane)
    {
        if (Layouts.Servers(dataPlane.Sizes) is not { } layout)
        {
            return [];
        }

        var bytes = new byte[layout.Size];
        var whole = new StructImage(bytes, layout);
        ImmutableArray<PoolPlan> pools = dataPlane.Plan.Pools;
        ImmutableArray<string> keyFiles = KeyFiles.Of(dataPlane.Plan);
        var routing = new StructImage(whole.Place(0, layout["routing"]), Layouts.Routing);
        for (int pool = 0; pool < pools.Length; pool++)
        {
            Span<byte> configs = routing.Place(pool, Layouts.Routing["config"]);
            for (int rotation = 0; rotation < 8; rotation++)
            {
                BinaryPrimitives.WriteUInt16LittleEndian(configs[(2 * rotation)..], Config(pools[pool].Quic, rotation, keyFiles));
            }

            routing.Set(pool, "tcp_option", pools[pool].TcpOption ?? 0ul);
            routing.Set(pool, "quic", pools[pool].Quic is null ? 0ul : 1);
        }

        (int Pool, int Backend, UInt128 Id)[] keys =
        [
            .. from pool in Enumerable.Range(0, pools.Length)
               where Names(pools[pool])
               from backend in Enumerable.Range(0, pools[pool].Backends.Length)
               select (pool, backend, ServerNumber.Of(pools[pool].Backends[backend].ServerId!)),
        ];
        PerfectHash hash = PerfectHash.Build(keys.Length, (key, seed) => Hash(keys[key].Pool, keys[key].Id, seed), BitOperations.Log2((uint)dataPlane.Sizes.Servers));
        whole.Set(0, "seed", hash.Seed);
        Span<byte> displacements = whole.Place(0, layout["displace"]);
        for (int bucket = 0; bucket < hash.Displacements.Length; bucket++)
        {
            BinaryPrimitives.WriteUInt16LittleEndian(displacements[(2 * bucket)..], hash.Displacements[bucket]);
        }

        var rows = new StructImage(whole.Place(0, layout["rows"]), Layouts.Server);
        for (int row = 0; row < hash.Rows.Length; row++)
        {
            (int pool, int backend, UInt128 id) = keys[hash.Rows[row]];
            Span<byte> place = rows.Place(row, Layouts.Server["id"]);
            BinaryPrimitives.WriteUInt64LittleEndian(place, (ulong)id);
            BinaryPrimitives.WriteUInt64LittleEndian(place[8..], (ulong)(id >> 64));
            rows.Set(row, "pool", (ulong)pool);
            rows.Set(row, "backend", (ulong)backend);
        }

        return bytes;
    }

    private static bool Names(PoolPlan pool) => pool.Quic is not null || pool.TcpOption is not null;

    /// <summary>What connection ids that begin with these three bits hold: bits 0 to 3 bytes of server id, 0 for no such config; 4 to 8 bytes of nonce; 9 to 11 bits
    /// behind the server id in its last byte; 12 to 15 the key's number, counted from 1.</summary>
    private static ushort Config(QuicRouting? quic, int rotation, ImmutableArray<string> keys) => quic switch
    {
        { Scheme: QuicScheme.Katran } => (rotation >> 1) switch
        {
            1 => 2 | (5 << NonceAt) | (6 << ShiftAt),
            2 => 3 | (4 << NonceAt),
            3 => 4 | (3 << NonceAt),
            _ => 0,
        },
        { } draft when draft.Configs.FirstOrDefault(c => c.Id == rotation) is { } config =>
            (ushort)(config.ServerIdLength | (config.NonceLength << NonceAt) | ((config.KeyFile is { } file ? keys.IndexOf(file) + 1 : 0) << KeyAt)),
        _ => 0,
    };

    /// <summary>See <c>bpf/README.md</c>, section 7.</summary>
    private static ulong Hash(int pool, UInt128 id, ulong seed)
    {
        ulong other = (ulong)(id >> 64) ^ unchecked((ulong)pool * VipHash.M3);
        return unchecked((VipHash.Mix(0, (ulong)id ^ seed, VipHash.M1) ^ other ^ (other >> 32)) * VipHash.M2);
    }
}
