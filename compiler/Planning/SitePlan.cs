using System.Collections.Immutable;
using System.Net;
using Weir.Compiler.Topologies;

namespace Weir.Compiler.Planning;

/// <summary>What one site's load balancers do, in terms of packets and flows and without any memory layout.
/// The lowering turns it into tables; the reference model executes it as it stands. It can be read back from a bundle.</summary>
public sealed record SitePlan
{
    public required string Site { get; init; }

    /// <summary>The flow hash's keys k0 and k1: the first 16 bytes, two little-endian u64, of SHA-256("weir seed v1\0" + seed).</summary>
    public required (ulong K0, ulong K1) HashKey { get; init; }

    public required int Mtu { get; init; }

    public required Unmatched Unmatched { get; init; }

    public required OuterSource? SourceV4 { get; init; }

    public required OuterSource? SourceV6 { get; init; }

    public required NextHop? NextHopV4 { get; init; }

    public required NextHop? NextHopV6 { get; init; }

    /// <summary>Pools that a VIP of this site uses, sorted by name; the index is the pool's number in the bundle.</summary>
    public required ImmutableArray<PoolPlan> Pools { get; init; }

    /// <summary>VIPs served at this site, sorted by name; the index is the VIP's counter row.</summary>
    public required ImmutableArray<VipPlan> Vips { get; init; }
}

public sealed record PoolPlan
{
    public required string Name { get; init; }

    public required int Capacity { get; init; }

    /// <summary>Sorted by identity; the index is the backend's dense number in the bundle.</summary>
    public required ImmutableArray<BackendPlan> Backends { get; init; }

    /// <summary>One dense backend number per slot, or <see cref="NoBackend"/>; length 2^k, 4,096 to 65,536.
    /// The slot of a flow is the top k bits of h1.</summary>
    public required ImmutableArray<ushort> Ring { get; init; }

    public required RingQuality Quality { get; init; }

    public const ushort NoBackend = 0xffff;
}

/// <summary>What the ring achieves, counted over its slots, in millionths.</summary>
/// <param name="ImbalancePpm">Largest relative distance of a backend's share of slots from its weight's share.</param>
/// <param name="CollateralPpm">Largest share of all slots that move between two staying backends when one backend leaves: any one in a small
/// pool, one of several in a large (see <see cref="Rings.RingMeasure.Collateral"/>).</param>
public sealed record RingQuality(int ImbalancePpm, int CollateralPpm);

/// <param name="Identity">Hash of what the backend is (pool, address, port): stable over renames, weights and states.</param>
public sealed record BackendPlan(ulong Identity, string Name, IPAddress Address, int Weight, BackendState State);

/// <param name="Pool">Index into <see cref="SitePlan.Pools"/>.</param>
public sealed record VipPlan(string Name, int Pool, ImmutableArray<IPAddress> Addresses, ImmutableArray<PortRange> Ports);
