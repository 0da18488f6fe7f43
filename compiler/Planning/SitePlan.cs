using System.Collections.Immutable;
using System.Net;
using System.Net.NetworkInformation;
using System.Net.Sockets;
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

    /// <summary>How packets travel to backends. The first is the site's own, whether or not a backend has it; the others are those of its pools and backends, in
    /// order of first use by pool and dense number.</summary>
    public required ImmutableArray<EncapsulationPlan> Encapsulations { get; init; }

    public required NextHop? NextHopV4 { get; init; }

    public required NextHop? NextHopV6 { get; init; }

    /// <summary>Pools that a VIP of this site uses, sorted by name; the index is the pool's number in the bundle.</summary>
    public required ImmutableArray<PoolPlan> Pools { get; init; }

    /// <summary>VIPs served at this site, sorted by name; the index is the VIP's counter row.</summary>
    public required ImmutableArray<VipPlan> Vips { get; init; }

    /// <summary>What the hosts decapsulate themselves, or null.</summary>
    public Decapsulation? Decapsulate { get; init; }

    /// <summary>Where each host's NAT takes sources from, sorted by host; empty where no backend is reached by NAT.</summary>
    public ImmutableArray<HostNatSources> NatSources { get; init; } = [];
}

/// <summary>Addresses that are one host's alone; of both families equally many where it has both.</summary>
/// <param name="V4">/26 to /32, or null.</param>
/// <param name="V6">/122 to /128, or null.</param>
public sealed record HostNatSources(string Host, IPNetwork? V4, IPNetwork? V6)
{
    /// <summary>1 to 64, a power of two; 0 for a host without any.</summary>
    public int Addresses => V4 is { } v4 ? 1 << (32 - v4.PrefixLength) : V6 is { } v6 ? 1 << (128 - v6.PrefixLength) : 0;

    /// <summary>In CIDR form, IPv4 first.</summary>
    public ImmutableArray<string> Texts => [.. new[] { V4, V6 }.OfType<IPNetwork>().Select(prefix => prefix.ToString())];

    /// <summary>A host's, from its prefixes: the first of each family.</summary>
    public static HostNatSources Of(string host, IEnumerable<IPNetwork> prefixes)
    {
        return new(host, First(AddressFamily.InterNetwork), First(AddressFamily.InterNetworkV6));

        IPNetwork? First(AddressFamily family) => prefixes.Where(prefix => prefix.BaseAddress.AddressFamily == family).Select(prefix => (IPNetwork?)prefix).FirstOrDefault();
    }
}

/// <summary>An encapsulation with everything that wider scopes say of it. A source is null where no scope gives one; then no backend of the family has
/// this encapsulation.</summary>
public sealed record EncapsulationPlan(EncapsulationType Type, OuterSource? SourceV4, OuterSource? SourceV6)
{
    public EncapsulationOptions Options { get; init; } = EncapsulationOptions.None;

    /// <summary>Whether its UDP or GRE header has a checksum: where nothing says so, in UDP over IPv6, as RFC 8200, section 8.1 wants it.</summary>
    public bool HasChecksum(bool outerV6) =>
        Options.Checksum ?? (outerV6 && Type is EncapsulationType.Gue or EncapsulationType.Vxlan or EncapsulationType.Geneve);
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

    /// <inheritdoc cref="Pool.Algorithm"/>
    public RingAlgorithm Algorithm { get; init; }

    /// <inheritdoc cref="Pool.Quic"/>
    public QuicRouting? Quic { get; init; }

    /// <inheritdoc cref="Pool.TcpOption"/>
    public byte? TcpOption { get; init; }

    /// <summary>How changes of the ring keep connections; null where they do not.</summary>
    public TrackingPlan? Tracking { get; init; }

    public const ushort NoBackend = 0xffff;
}

/// <summary>What the ring achieves, counted over its slots, in millionths.</summary>
/// <param name="ImbalancePpm">Largest relative distance of a backend's share of slots from its weight's share.</param>
/// <param name="CollateralPpm">Largest share of all slots that move between two staying backends when one backend leaves: any one in a small
/// pool, one of several in a large (see <see cref="Rings.RingMeasure.Collateral"/>).</param>
public sealed record RingQuality(int ImbalancePpm, int CollateralPpm)
{
    /// <summary>What was to be expected where shares are drawn: the standard deviation of the lightest backend's share, in millionths of it; 0 where they are exact.</summary>
    public int ExpectedPpm { get; init; }
}

/// <param name="Identity">Hash of what the backend is (pool, address, port): stable over renames, weights and states.</param>
public sealed record BackendPlan(ulong Identity, string Name, IPAddress Address, int Weight, BackendState State)
{
    /// <summary>Index into <see cref="SitePlan.Encapsulations"/>.</summary>
    public int Encapsulation { get; init; }

    /// <summary>Whether the pool takes it first at this site; true for all where the pool prefers none. Only while no preferred backend is active with
    /// weight above 0 do the others take new flows.</summary>
    public bool Preferred { get; init; } = true;

    /// <inheritdoc cref="Backend.Port"/>
    public ushort Port { get; init; }

    /// <inheritdoc cref="Backend.Mac"/>
    public PhysicalAddress? Mac { get; init; }

    /// <summary>Whether it is a load balancer of another site, which decapsulates: what was decapsulated here is never sent there. False where this site decapsulates nothing.</summary>
    public bool HandsOn { get; init; }

    /// <inheritdoc cref="Backend.ServerId"/>
    public string? ServerId { get; init; }
}

/// <param name="Pool">Index into <see cref="SitePlan.Pools"/>.</param>
/// <param name="Addresses">Single addresses, sorted.</param>
public sealed record VipPlan(string Name, int Pool, ImmutableArray<IPAddress> Addresses, ImmutableArray<PortRange> Ports)
{
    /// <summary>Prefixes of which every address is the VIP's, sorted by address and length. No other VIP of the site has the same ports on any of them.</summary>
    public ImmutableArray<IPNetwork> Ranges { get; init; } = [];

    public HashPolicy Hash { get; init; } = HashPolicy.FiveTuple;

    public SourceLists Sources { get; init; } = SourceLists.All;

    /// <summary>Sources that another pool serves (an index into <see cref="SitePlan.Pools"/>); the longest prefix decides. Sorted by prefix.</summary>
    public ImmutableArray<(IPNetwork Source, int Pool)> Routes { get; init; } = [];

    public FragmentPolicy Fragments { get; init; }

    /// <summary>Whether UDP flows that carry no connection id go by the ring alone, whatever they did before.</summary>
    public bool StatelessUdp { get; init; }

    /// <summary>Every single address, and of each range the first, middle and last: where to send a packet to see whether the VIP is there.</summary>
    public IEnumerable<IPAddress> SampleAddresses => Addresses.Concat(Ranges.SelectMany(RangeEdges.Of));

    /// <summary>Whether the address is one of the VIP's.</summary>
    public bool Holds(IPAddress address) => Addresses.Contains(address) || Ranges.Any(range => range.Contains(address));
}
