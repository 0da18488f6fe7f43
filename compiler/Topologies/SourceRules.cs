using System.Collections.Immutable;
using System.Net;

namespace Weir.Compiler.Topologies;

/// <summary>Which sources may use a VIP: the longest prefix among both lists decides; where none holds, a source may if <paramref name="Allow"/> is empty.</summary>
/// <param name="Allow">Sorted by address and length.</param>
/// <param name="Deny">Likewise; no prefix is in both.</param>
public sealed record SourceLists(ImmutableArray<IPNetwork> Allow, ImmutableArray<IPNetwork> Deny)
{
    /// <summary>Prefixes that a list, or the routes of a VIP, may have at most.</summary>
    public const int MostPrefixes = 16_384;

    /// <summary>Prefixes that all VIPs of a site may have at most, lists and routes together; equal ones of several VIPs count once.</summary>
    public const int MostAtSite = 262_144;

    public static SourceLists All { get; } = new([], []);

    /// <summary>Whether everybody may.</summary>
    public bool IsAll => Allow.IsEmpty && Deny.IsEmpty;
}

/// <param name="Pool">Name of the pool that serves packets from these sources.</param>
public sealed record SourceRoute(IPNetwork Source, string Pool);
