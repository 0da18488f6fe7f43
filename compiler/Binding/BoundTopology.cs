using System.Collections.Immutable;
using Weir.Compiler.Diagnostics;

namespace Weir.Compiler.Binding;

/// <summary>A source tree in the language's own terms, with defaults in their places, before anything is known to hold between its parts.
/// What could not be read is null or left out: somebody has reported it already.</summary>
internal sealed record BoundTopology
{
    public required Located<string>? Seed { get; init; }

    public required BoundDefaults Defaults { get; init; }

    public required BoundPolicy Policy { get; init; }

    public required ImmutableArray<BoundPortSet> PortSets { get; init; }

    public required ImmutableArray<BoundSite> Sites { get; init; }

    public required ImmutableArray<BoundPool> Pools { get; init; }

    public required ImmutableArray<BoundVip> Vips { get; init; }

    /// <summary>Every name below <c>pools</c>, of whatever content, with its place; null when there is no such mapping.</summary>
    public required IReadOnlyDictionary<string, SourceSpan>? PoolNames { get; init; }

    /// <summary>Likewise for <c>sites</c>.</summary>
    public required IReadOnlyDictionary<string, SourceSpan>? SiteNames { get; init; }

    /// <summary>Likewise for <c>ports</c>.</summary>
    public required IReadOnlyDictionary<string, SourceSpan>? PortSetNames { get; init; }

    /// <summary>Findings about what neither an object nor <c>defaults</c> says. They hold only where every file could be read.</summary>
    public required ImmutableArray<Diagnostic> Missing { get; init; }
}

/// <summary>A list of ports under a name.</summary>
internal sealed record BoundPortSet(string Name, SourceSpan Span, ImmutableArray<Located<Topologies.PortRange>> Ports);

/// <summary>What a topology, pool or VIP says of the gate.</summary>
internal sealed record BoundPolicy(Located<int>? MaxLeaving, Located<int>? MinimumPool, Located<int>? MaxMoving);

/// <summary>What a site or <c>defaults</c> says of limits.</summary>
/// <param name="MapMemory">Bytes.</param>
internal sealed record BoundLimits(Located<long>? MaxFlows, Located<long>? MapMemory);
