using System.Collections.Immutable;

namespace Weir.Compiler.Plans;

/// <summary>What becomes of one site.</summary>
public sealed record SiteChange
{
    public required string Site { get; init; }

    public required ChangeAction Action { get; init; }

    /// <summary>Objects that this site has and that change: the site, its hosts, pools with their backends, VIPs; each sorted by name.</summary>
    public required ImmutableArray<ObjectChange> Objects { get; init; }

    /// <summary>How many of the site's objects stay as they are.</summary>
    public required int Unchanged { get; init; }

    /// <summary>How the new bundle reaches a host, null when the site is removed.</summary>
    public required KindOfChange? Kind { get; init; }

    /// <summary>Why that way: ends of sentences, at least one unless the kind is <see cref="KindOfChange.None"/>.</summary>
    public required ImmutableArray<string> Reasons { get; init; }

    /// <summary>Pairs of pools (before, after) between which flows move, each once. <see cref="VipTraffic"/> refers to them by index.</summary>
    public required ImmutableArray<PoolMove> Moves { get; init; }

    /// <summary>VIPs whose packets are treated differently, sorted by name.</summary>
    public required ImmutableArray<VipTraffic> Traffic { get; init; }

    /// <summary>Connections that may be open at the site, by the base revision's limits; by the head's for a site that is new.</summary>
    public required long MaxFlows { get; init; }

    /// <summary>Null for a site that is not in the base revision.</summary>
    public required MapBytes? MapsBefore { get; init; }

    public required MapBytes? MapsAfter { get; init; }

    public required ImmutableArray<PathBudget> Paths { get; init; }

    /// <summary>Digests of the bundles as <c>weir build</c> prints them; null where the site does not exist.</summary>
    public required string? BaseDigest { get; init; }

    public required string? HeadDigest { get; init; }

    /// <summary>What was measured on this machine, null when nothing was asked for. In no digest.</summary>
    public SiteCosts? Costs { get; init; }

    /// <summary>Largest share of a VIP's hash space that moves here, in millionths.</summary>
    public int LargestMovePpm => Traffic.Select(t => t.MovedPpm).DefaultIfEmpty(0).Max();
}

/// <summary>How much of what runs on a host is replaced; each kind includes those before it.</summary>
public enum KindOfChange
{
    /// <summary>Nothing that a packet could notice.</summary>
    None,

    /// <summary>Stores into the live maps.</summary>
    Population,

    /// <summary>The same object loaded anew with new tables.</summary>
    Tables,

    /// <summary>Another program: clang, the verifier, and then a swap.</summary>
    Program,
}

/// <summary>Bytes of maps on a host.</summary>
/// <param name="Fixed">Whatever the host.</param>
/// <param name="PerCpu">For each possible CPU.</param>
public sealed record MapBytes(long Fixed, long PerCpu)
{
    /// <summary>CPUs that totals are given for, since a topology does not know its hosts' hardware.</summary>
    public const int Cpus = 64;

    /// <summary>With <see cref="Cpus"/> CPUs.</summary>
    public long Total => Fixed + (PerCpu * Cpus);
}

/// <summary>What fits into a packet on one way from client to backend. Null where the way exists in one of the revisions only.</summary>
/// <param name="Path">As <c>ipip, IPv6 in IPv4</c>.</param>
/// <param name="InnerV6">Whether the client's packets are IPv6.</param>
public sealed record PathBudget(string Path, bool InnerV6, PathRoom? Before, PathRoom? After);

/// <param name="Mtu">Of the path to the backends.</param>
/// <param name="Outer">Bytes of the outer header.</param>
/// <param name="Inner">Largest client packet that fits.</param>
/// <param name="Mss">TCP payload of such a packet without options: 40 bytes less with IPv4, 60 with IPv6.</param>
public sealed record PathRoom(int Mtu, int Outer, int Inner, int Mss);

/// <summary>What a program costs, by clang and this kernel. Each value is null where it could not be found out.</summary>
/// <param name="Why">Why something is missing, or null.</param>
public sealed record ProgramCost(long? Instructions, long? JitedBytes, long? VerifiedInstructions, long? MapBytes, decimal? NsPerPacket, string? Why);

/// <param name="Before">Null where the site is not in the base revision.</param>
public sealed record SiteCosts(ProgramCost? Before, ProgramCost? After);
