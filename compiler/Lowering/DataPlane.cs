using System.Collections.Immutable;
using System.Net;
using System.Net.Sockets;
using Weir.Compiler.Planning;
using Weir.Compiler.Topologies;

namespace Weir.Compiler.Lowering;

/// <summary>A site plan brought into tables: what the generated program and the images are printed from.
/// The layouts are those of <c>bpf/weir/layout.h</c>, described in <c>bpf/README.md</c>, section 7.</summary>
public sealed record DataPlane
{
    public required SitePlan Plan { get; init; }

    /// <summary>How VIPs with IPv4 addresses are matched; null when there are none.</summary>
    public required VipMatch? MatchV4 { get; init; }

    /// <summary>How VIPs with IPv6 addresses are matched; null when there are none.</summary>
    public required VipMatch? MatchV6 { get; init; }

    /// <summary>Whether any backend of the site has an IPv4 (outer) address.</summary>
    public required bool BackendsV4 { get; init; }

    /// <summary>Whether any backend of the site has an IPv6 (outer) address. Then rows are <c>weir_backend</c>, else <c>weir_backend4</c>.</summary>
    public required bool BackendsV6 { get; init; }

    /// <summary>The ways that packets leave by; with only one, rows and code do not tell them apart.</summary>
    public required ImmutableArray<DeliveryKind> Kinds { get; init; }

    /// <summary>Whether the host writes backends' MACs into <c>.data.link</c>: a word for every row of the backend table.</summary>
    public bool HasLinks => Kinds.Any(k => k.Type == EncapsulationType.L2);

    /// <summary>Whether backends of the family are reached by NAT.</summary>
    public bool Translates(AddressFamily family) =>
        Kinds.Any(k => k.Type == EncapsulationType.Nat && (family == AddressFamily.InterNetwork ? k.V4 : k.V6));

    /// <summary>Outer IPv4 sources, in the order of their rows; at most one where the site has no IPv4 backends. With only one it is folded into code.</summary>
    public required ImmutableArray<OuterSource> SourcesV4 { get; init; }

    /// <summary>The same for IPv6.</summary>
    public required ImmutableArray<OuterSource> SourcesV6 { get; init; }

    /// <summary>Whether fragments of the family are followed: some VIP with such an address asks for it.</summary>
    public bool Follows(AddressFamily family) => Plan.Vips.Any(v => v.Fragments == FragmentPolicy.Follow
        && (v.Addresses.Any(a => a.AddressFamily == family) || v.Ranges.Any(r => r.BaseAddress.AddressFamily == family)));

    /// <summary>Whether any fragments are followed.</summary>
    public bool FollowsAny => Follows(AddressFamily.InterNetwork) || Follows(AddressFamily.InterNetworkV6);

    /// <summary>Whether its program asks for the time of packets.</summary>
    public bool NeedsClock => FollowsAny || Sizes.Nat > 0 || Sizes.Sets > 0;

    /// <summary>Every pool's place in rings and backend table, by pool number.</summary>
    public required ImmutableArray<PoolPlace> Pools { get; init; }

    /// <summary>What VIPs say of hashes and sources.</summary>
    public required VipPolicies Policies { get; init; }

    /// <summary>Size classes: what arrays in the program have room for.</summary>
    public required TableSizes Sizes { get; init; }

    /// <summary>The images, sorted by section name. Those of part <see cref="ImagePart.Runtime"/> have none.</summary>
    public required ImmutableArray<MapImage> Images { get; init; }
}

/// <summary>How addresses of one family are matched.</summary>
/// <param name="Reason">One line for the generated program: what was chosen, against what, at what cost.</param>
/// <param name="Addresses">The longest prefix first, then sorted by address bytes.</param>
/// <param name="Prefix">A prefix that covers every address and is long enough to reject most others, or null.</param>
public sealed record VipMatch(MatchKind Kind, string Reason, ImmutableArray<AddressServices> Addresses, (IPAddress Address, int Length)? Prefix);

public enum MatchKind
{
    /// <summary>Compares in code, constants folded in.</summary>
    Folded,

    /// <summary>A perfect hash in <c>.data.vip</c>, port intervals in <c>.data.service</c>.</summary>
    Hashed,
}

/// <summary>An address or range with all that is served on it, wider ranges' services included; sorted by protocol and first port; intervals are disjoint.</summary>
/// <param name="Address">Of a range the first, without host bits.</param>
public sealed record AddressServices(IPAddress Address, ImmutableArray<Service> Services)
{
    /// <summary>Bits of the prefix: 32 or 128 for a single address.</summary>
    public int Length { get; init; } = Address.AddressFamily == AddressFamily.InterNetwork ? 32 : 128;

    public bool IsRange => Length < (Address.AddressFamily == AddressFamily.InterNetwork ? 32 : 128);
}

/// <param name="Vip">Index into <see cref="SitePlan.Vips"/>.</param>
/// <param name="Pool">Index into <see cref="SitePlan.Pools"/>.</param>
public sealed record Service(PortRange Ports, int Vip, int Pool);

/// <summary>Where packets of a service say which backend they are for; the values are those of <c>bpf/weir/layout.h</c>.</summary>
public enum Affinity
{
    None = 0,
    ConnectionId = 1,
    TcpOption = 2,
}

/// <summary>How UDP flows of a VIP begin, where slots have a history; the values are those of <c>bpf/weir/layout.h</c>. TCP's begin with SYN.</summary>
[Flags]
public enum FlowBeginning
{
    /// <summary>Nobody can tell.</summary>
    Unseen = 0,

    /// <summary>With a QUIC Initial.</summary>
    Initial = 1,

    /// <summary>It does not matter: the ring alone decides.</summary>
    Ever = 2,

    /// <summary>Several connections, TCP's too, are one flow to the hash, which no FIN ends.</summary>
    Shared = 4,
}

/// <param name="Wide">Whether the ring lies in <c>.data.ring16</c> instead of <c>.data.ring8</c>.</param>
/// <param name="RingOffset">First slot, counted in entries of its array.</param>
/// <param name="RingBits">log2 of the slots.</param>
/// <param name="BackendOffset">First row in the backend table.</param>
public sealed record PoolPlace(bool Wide, int RingOffset, int RingBits, int BackendOffset);

/// <summary>Array lengths in the program; every one a power of two, or 0 where the array does not exist.
/// Rings have two spare entries on top.</summary>
/// <param name="Vip4Bits">log2 of the rows for IPv4 addresses; 0 when folded or absent. Buckets are a quarter of the rows.</param>
/// <param name="Vip6Bits">The same for IPv6.</param>
/// <param name="ServiceRows">Rows of <c>.data.service</c>; 0 when folded.</param>
/// <param name="ServiceSteps">log2 of the rows each address has.</param>
/// <param name="Backends">Rows of the backend table and of the backend counters.</param>
/// <param name="Vips">Rows of the VIP counters.</param>
public sealed record TableSizes(int Vip4Bits, int Vip6Bits, int ServiceRows, int ServiceSteps, int Ring8Slots, int Ring16Slots, int Backends, int Vips)
{
    /// <summary>Rows of <c>.data.source</c> for IPv4; 0 where there is one source at most.</summary>
    public int Sources4 { get; init; }

    /// <summary>The same for IPv6.</summary>
    public int Sources6 { get; init; }

    /// <summary>Keys of encrypted connection ids that the program has room for; 0 where none are encrypted.</summary>
    public int Keys { get; init; }

    /// <summary>Rows of <c>.data.policy</c> for VIPs, as many as they have counters; 0 where no VIP needs one.</summary>
    public int Policies { get; init; }

    /// <summary>Rows there for pools; 0 where no VIP has routes.</summary>
    public int Routes { get; init; }

    /// <summary>Intervals of IPv4 sources; 0 for none.</summary>
    public int Intervals4 { get; init; }

    /// <summary>The same for IPv6.</summary>
    public int Intervals6 { get; init; }

    /// <summary>log2 of the intervals that a VIP may have for IPv4.</summary>
    public int IntervalSteps4 { get; init; }

    /// <summary>The same for IPv6.</summary>
    public int IntervalSteps6 { get; init; }

    /// <summary>Rows of the server ids in <c>.data.server</c>; 0 where no packet names a backend.</summary>
    public int Servers { get; init; }

    /// <summary>Connections that NAT has room for: rows of <c>.bss.nat</c>, as many as the host with the most NAT sources needs; 0 where there is no NAT.</summary>
    public int Nat { get; init; }

    /// <summary>Sets of eight flow records; 0 where no pool's slots have a history.</summary>
    public int Sets { get; init; }

    /// <summary>Pools that may have records; 0 likewise.</summary>
    public int Regions { get; init; }

    /// <summary>Words of <c>.data.slot</c>: one for every slot of <c>.data.ring8</c>, then of <c>.data.ring16</c>.</summary>
    public int Slots => Sets == 0 ? 0 : Ring8Slots + Ring16Slots;

    /// <summary>Pools that <c>.data.server</c> has room for; 0 likewise.</summary>
    public int Pools { get; init; }
}

/// <param name="Section">ELF section and map name, as <c>.data.vip</c>.</param>
/// <param name="File">Path in the bundle, as <c>maps/vip.img</c>.</param>
public sealed record MapImage(string Section, string File, ImagePart Part, ImmutableArray<byte> Bytes);

/// <summary>What kind of change another content of the map is.</summary>
public enum ImagePart
{
    /// <summary>Stores into the live map.</summary>
    Population,

    /// <summary>The same object, loaded anew.</summary>
    Tables,

    /// <summary>Written by the host alone.</summary>
    Runtime,
}
