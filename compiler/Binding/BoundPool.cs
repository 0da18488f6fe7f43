using System.Collections.Immutable;
using System.Net;
using System.Net.NetworkInformation;
using Weir.Compiler.Diagnostics;
using Weir.Compiler.Topologies;

namespace Weir.Compiler.Binding;

internal sealed record BoundPool(string Name, SourceSpan Span)
{
    public required Located<int>? Capacity { get; init; }

    /// <summary>The key <c>backends</c>, or null when it is missing or not a list.</summary>
    public required SourceSpan? BackendsKey { get; init; }

    public required ImmutableArray<BoundBackend> Backends { get; init; }

    public required RingAlgorithm Algorithm { get; init; }

    public required Located<Preference>? Prefer { get; init; }

    /// <summary>Whether the pool says it itself.</summary>
    public required bool PreferIsOwn { get; init; }

    public required BoundEncapsulation? Encapsulation { get; init; }

    public required ImmutableArray<BoundPoolAtSite> Sites { get; init; }

    public required BoundPolicy Policy { get; init; }

    public required BoundQuic? Quic { get; init; }

    /// <summary>Kind of the TCP option that carries server ids.</summary>
    public required Located<int>? TcpOption { get; init; }

    public required bool Protected { get; init; }
}

/// <summary>What a pool says of one site.</summary>
internal sealed record BoundPoolAtSite(Located<string> Site, Located<Preference>? Prefer, BoundEncapsulation? Encapsulation);

/// <param name="Span">Its name, or all of it when it has none.</param>
internal sealed record BoundBackend(SourceSpan Span)
{
    public required Located<string>? Name { get; init; }

    public required Located<IPAddress>? Address { get; init; }

    public required Located<int> Weight { get; init; }

    public required BackendState State { get; init; }

    public required Located<string>? Site { get; init; }

    public required ImmutableSortedDictionary<string, string> Labels { get; init; }

    public required BoundEncapsulation? Encapsulation { get; init; }

    /// <summary>In lower case.</summary>
    public required Located<string>? ServerId { get; init; }

    /// <summary>Whether it says something of its server id, be it malformed.</summary>
    public required bool MentionsServerId { get; init; }

    public required Located<PhysicalAddress>? Mac { get; init; }

    public required Located<int>? Port { get; init; }

    /// <summary>What to call it in a message.</summary>
    public string Title => Name?.Value ?? Address?.Value.ToString() ?? "?";
}
