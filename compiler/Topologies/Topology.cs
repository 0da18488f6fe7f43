using System.Collections.Immutable;
using System.Net;
using System.Net.NetworkInformation;
using Weir.Compiler.Diagnostics;

namespace Weir.Compiler.Topologies;

/// <summary>A checked topology: every name resolves, every address parses, every rule of the language holds.
/// Collections are sorted by name (ordinal), so nothing downstream depends on the order of YAML files or keys.</summary>
public sealed record Topology
{
    /// <summary>The text that keys the flow hash; the same text gives the same choice on every host.</summary>
    public required string Seed { get; init; }

    public required ImmutableArray<Site> Sites { get; init; }

    public required ImmutableArray<Pool> Pools { get; init; }

    public required ImmutableArray<Vip> Vips { get; init; }

    /// <summary>What the gate holds against a change, where a pool or VIP does not say otherwise.</summary>
    public Policy Policy { get; init; } = Policy.Default;
}

/// <summary>A place with load balancers that share one program and one set of map images.</summary>
public sealed record Site(string Name, SourceSpan Position)
{
    public required ImmutableArray<Host> Hosts { get; init; }

    public required Encapsulation Encapsulation { get; init; }

    /// <summary>Where encapsulated IPv4 packets are sent; null when the site sends none.</summary>
    public required NextHop? NextHopV4 { get; init; }

    /// <summary>Where encapsulated IPv6 packets are sent; null when the site sends none.</summary>
    public required NextHop? NextHopV6 { get; init; }

    /// <summary>Largest IP packet in bytes the path to the backends carries, encapsulation included. 1,320 to 9,216.</summary>
    public required int Mtu { get; init; }

    /// <summary>What happens to a packet for a VIP's address that no VIP's ports match.</summary>
    public required Unmatched Unmatched { get; init; }

    public Limits Limits { get; init; } = Limits.Default;

    /// <summary>Prefixes of the links that the hosts' interfaces are on: what can be reached without a router. Sorted.</summary>
    public ImmutableArray<IPNetwork> Segments { get; init; } = [];

    /// <summary>What the hosts decapsulate themselves, because other sites hand it over; null for nothing.</summary>
    public Decapsulation? Decapsulate { get; init; }

    /// <summary>Whether the gate refuses to remove it. Read from the revision that is live, not from the one that comes.</summary>
    public bool Protected { get; init; }
}

/// <summary>A load balancer of a site.</summary>
public sealed record Host(string Name, string Interface, SourceSpan Position)
{
    /// <summary>Addresses that NAT gives packets to backends as their source: this host's alone, so that replies come back to it. Single addresses are /32 and /128; sorted.</summary>
    public ImmutableArray<IPNetwork> NatSources { get; init; } = [];
}

/// <summary>How packets travel to backends.</summary>
public sealed record Encapsulation(EncapsulationType Type, OuterSource? SourceV4, OuterSource? SourceV6, SourceSpan Position)
{
    public EncapsulationOptions Options { get; init; } = EncapsulationOptions.None;
}

/// <summary>What a pool or a backend says of its encapsulation. What is null is taken from the next wider scope: pool at a site, pool, site; but where
/// the type changes, no option of a wider scope holds.</summary>
public sealed record EncapsulationOverride(EncapsulationType? Type, OuterSource? SourceV4, OuterSource? SourceV6, SourceSpan Position)
{
    public EncapsulationOptions Options { get; init; } = EncapsulationOptions.None;
}

/// <summary>The outer source. With <paramref name="PrefixLength"/> below the address's full length the host bits
/// (at most the low 32) are filled with the flow's hash; with the full length the address is used as it is.</summary>
public sealed record OuterSource(IPAddress Address, int PrefixLength);

/// <summary>Exactly one of the two is set: a gateway whose MAC the host resolves, or a MAC fixed in the topology.</summary>
public sealed record NextHop(IPAddress? Gateway, PhysicalAddress? Mac);

public enum Unmatched
{
    Pass,
    Drop,
}

/// <summary>Backends that serve the same thing.</summary>
public sealed record Pool(string Name, SourceSpan Position)
{
    /// <summary>How many backend ids the pool may ever hold at once: a power of two, 32 to 32,768 (ids 0 to 32,766),
    /// at least twice the backends. It fixes the ring's size, so that growth below it moves no ring.</summary>
    public required int Capacity { get; init; }

    public required ImmutableArray<Backend> Backends { get; init; }

    /// <summary>Which backends are taken first; the rest take over when none of these is there to take new flows.</summary>
    public Preference Prefer { get; init; } = Preference.Any;

    /// <summary>Null when the pool takes the site's encapsulation as it is.</summary>
    public EncapsulationOverride? Encapsulation { get; init; }

    /// <summary>What holds at some sites only, by name of the site.</summary>
    public ImmutableSortedDictionary<string, PoolAtSite> Sites { get; init; } = ImmutableSortedDictionary<string, PoolAtSite>.Empty;

    public Policy Policy { get; init; } = Policy.Default;

    /// <summary>How the ring is built.</summary>
    public RingAlgorithm Algorithm { get; init; }

    /// <summary>How connection ids of QUIC name a backend; null where they do not.</summary>
    public QuicRouting? Quic { get; init; }

    /// <summary>Kind of the TCP option that names a backend by its server id, or null.</summary>
    public byte? TcpOption { get; init; }

    /// <inheritdoc cref="Site.Protected"/>
    public bool Protected { get; init; }
}

/// <summary>What a pool says of one site. Null is what the pool says of all.</summary>
public sealed record PoolAtSite(Preference? Prefer, EncapsulationOverride? Encapsulation);

/// <summary>Which backends of a pool are taken first.</summary>
/// <param name="Local">Those whose <c>site</c> is the site at hand.</param>
/// <param name="Labels">Those that have all of these labels, sorted by key.</param>
public sealed record Preference(bool Local, ImmutableSortedDictionary<string, string> Labels)
{
    /// <summary>No preference: all backends alike.</summary>
    public static Preference Any { get; } = new(false, ImmutableSortedDictionary<string, string>.Empty);
}

/// <summary>A server that decapsulates and answers by itself (DSR).</summary>
/// <param name="Weight">0 to 65,535; 0 takes no new flows.</param>
public sealed record Backend(string Name, IPAddress Address, int Weight, BackendState State, SourceSpan Position)
{
    /// <summary>Name of the site that it stands at, or null.</summary>
    public string? Site { get; init; }

    public ImmutableSortedDictionary<string, string> Labels { get; init; } = ImmutableSortedDictionary<string, string>.Empty;

    /// <summary>Null when it takes its pool's as it is.</summary>
    public EncapsulationOverride? Encapsulation { get; init; }

    /// <summary>Where NAT sends packets to; 0 for the port they came for.</summary>
    public ushort Port { get; init; }

    /// <summary>MAC of a backend on the same segment; null where the host resolves it.</summary>
    public PhysicalAddress? Mac { get; init; }

    /// <summary>What connection ids and TCP options call it: lower-case hex, 1 to 15 bytes; null where it has none.</summary>
    public string? ServerId { get; init; }
}

public enum BackendState
{
    Active,

    /// <summary>Takes no new flows.</summary>
    Drain,

    /// <summary>Takes no packet at all.</summary>
    Down,
}

/// <summary>Virtual IP addresses and the ports served on them.</summary>
public sealed record Vip(string Name, SourceSpan Position)
{
    /// <summary>Single addresses, sorted.</summary>
    public required ImmutableArray<IPAddress> Addresses { get; init; }

    /// <summary>Ranges of more than one address, each given as a prefix without host bits; sorted.</summary>
    public ImmutableArray<IPNetwork> Ranges { get; init; } = [];

    /// <summary>Sorted by protocol and first port; disjoint.</summary>
    public required ImmutableArray<PortRange> Ports { get; init; }

    /// <summary>The pool that serves it, but for the sites in <see cref="PoolsAtSites"/>.</summary>
    public required string Pool { get; init; }

    public required ImmutableArray<string> Sites { get; init; }

    /// <summary>Another pool at some sites: site to pool.</summary>
    public ImmutableSortedDictionary<string, string> PoolsAtSites { get; init; } = ImmutableSortedDictionary<string, string>.Empty;

    public Policy Policy { get; init; } = Policy.Default;

    /// <summary>What of a packet decides about its flow's slot.</summary>
    public HashPolicy Hash { get; init; } = HashPolicy.FiveTuple;

    /// <summary>Sources that may use it.</summary>
    public SourceLists Sources { get; init; } = SourceLists.All;

    /// <summary>Sources that another pool serves: the longest prefix decides. Sorted by prefix.</summary>
    public ImmutableArray<SourceRoute> Routes { get; init; } = [];

    public FragmentPolicy Fragments { get; init; }

    /// <inheritdoc cref="Site.Protected"/>
    public bool Protected { get; init; }

    /// <summary>Name of the pool that serves it at a site.</summary>
    public string PoolAt(string site) => PoolsAtSites.GetValueOrDefault(site, Pool);

    /// <summary>That pool, and those that serve some of its sources; each once.</summary>
    public IEnumerable<string> PoolsAt(string site) => Routes.Select(r => r.Pool).Prepend(PoolAt(site)).Distinct(StringComparer.Ordinal);
}

/// <summary>What a site's hosts may be asked to bear.</summary>
/// <param name="MaxFlows">How many connections are open at once, at most, on all hosts of the site. 1 to 2^32. What a plan says of live flows counts from it.</param>
/// <param name="MapMemory">Bytes that the maps of one host may take, or null for no limit of our own.</param>
public sealed record Limits(long MaxFlows, long? MapMemory)
{
    public const long DefaultMaxFlows = 1_000_000;

    public static Limits Default { get; } = new(DefaultMaxFlows, null);
}

/// <summary>What the gate refuses without an override. Read from the revision that is live.</summary>
/// <param name="MaxLeaving">Per cent of a pool's active backends that one change may remove, drain or take down. 0 to 100.</param>
/// <param name="MinimumPool">Pools with fewer active backends than this are not held to <paramref name="MaxLeaving"/>. From 1.</param>
/// <param name="MaxMoving">Per cent of a VIP's hash space that one change may move. 0 to 100.</param>
public sealed record Policy(int MaxLeaving, int MinimumPool, int MaxMoving)
{
    public static Policy Default { get; } = new(30, 4, 100);
}

/// <summary>Ports <paramref name="First"/> to <paramref name="Last"/> inclusive; <c>tcp/*</c> is 0 to 65,535.</summary>
public readonly record struct PortRange(TransportProtocol Protocol, ushort First, ushort Last)
{
    /// <summary>UDP whose payload is QUIC: written <c>quic/443</c>.</summary>
    public bool Quic { get; init; }
}

/// <summary>Values are IANA protocol numbers.</summary>
public enum TransportProtocol : byte
{
    Tcp = 6,
    Udp = 17,
}
