using System.Collections.Immutable;
using System.Net;
using System.Net.NetworkInformation;
using Weir.Compiler.Diagnostics;
using Weir.Compiler.Topologies;

namespace Weir.Compiler.Binding;

/// <summary>A source tree in the language's own terms, before anything is known to hold between its parts. What could not be read
/// is null or left out: somebody has reported it already.</summary>
/// <param name="PoolNames">Every name below <c>pools</c>, of whatever content, with its place; null when there is no such mapping.</param>
/// <param name="SiteNames">Likewise for <c>sites</c>.</param>
internal sealed record BoundTopology(
    Located<string>? Seed,
    ImmutableArray<BoundSite> Sites,
    ImmutableArray<BoundPool> Pools,
    ImmutableArray<BoundVip> Vips,
    IReadOnlyDictionary<string, SourceSpan>? PoolNames,
    IReadOnlyDictionary<string, SourceSpan>? SiteNames);

/// <summary>A value and where it is written.</summary>
internal readonly record struct Located<T>(T Value, SourceSpan Span);

internal sealed record BoundSite(string Name, SourceSpan Span)
{
    public required ImmutableArray<BoundHost> Hosts { get; init; }

    /// <summary>The key <c>encapsulation</c>, or null when it is missing or not a mapping.</summary>
    public required SourceSpan? Encapsulation { get; init; }

    /// <summary>Whether every outer source could be read: only then is it known which family has none.</summary>
    public required bool SourcesKnown { get; init; }

    public required ImmutableArray<Located<OuterSource>> Sources { get; init; }

    public required SourceSpan? NextHop { get; init; }

    /// <summary>Whether every next hop could be read.</summary>
    public required bool NextHopsKnown { get; init; }

    public required ImmutableArray<Located<IPAddress>> Gateways { get; init; }

    public required Located<PhysicalAddress>? Mac { get; init; }

    public required int Mtu { get; init; }

    public required Unmatched Unmatched { get; init; }
}

internal sealed record BoundHost(string Name, SourceSpan Span, Located<string>? Interface);

internal sealed record BoundPool(string Name, SourceSpan Span)
{
    public required Located<int>? Capacity { get; init; }

    /// <summary>The key <c>backends</c>, or null when it is missing or not a list.</summary>
    public required SourceSpan? BackendsKey { get; init; }

    public required ImmutableArray<BoundBackend> Backends { get; init; }
}

internal sealed record BoundBackend(SourceSpan Span, Located<string>? Name, Located<IPAddress>? Address, int Weight, BackendState State);

internal sealed record BoundVip(string Name, SourceSpan Span)
{
    public required ImmutableArray<Located<IPAddress>> Addresses { get; init; }

    public required ImmutableArray<Located<PortRange>> Ports { get; init; }

    public required Located<string>? Pool { get; init; }

    public required ImmutableArray<Located<string>> Sites { get; init; }
}
