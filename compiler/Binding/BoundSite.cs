using System.Collections.Immutable;
using System.Net;
using System.Net.NetworkInformation;
using System.Net.Sockets;
using Weir.Compiler.Diagnostics;
using Weir.Compiler.Topologies;

namespace Weir.Compiler.Binding;

internal sealed record BoundSite(string Name, SourceSpan Span)
{
    public required ImmutableArray<BoundHost> Hosts { get; init; }

    /// <summary>What the site says, then what <c>defaults</c> says: the first that has a key or an address of a family holds.</summary>
    public required ImmutableArray<BoundEncapsulation> Encapsulations { get; init; }

    /// <inheritdoc cref="Encapsulations"/>
    public required ImmutableArray<BoundNextHop> NextHops { get; init; }

    public required Located<int> Mtu { get; init; }

    public required Located<Unmatched> Unmatched { get; init; }

    public required Located<long> MaxFlows { get; init; }

    /// <summary>Bytes.</summary>
    public required Located<long>? MapMemory { get; init; }

    public required ImmutableArray<Located<IPNetwork>> Segments { get; init; }

    public required BoundDecapsulation? Decapsulate { get; init; }

    public required bool Protected { get; init; }
}

internal sealed record BoundHost(string Name, SourceSpan Span, Located<string>? Interface)
{
    public required ImmutableArray<Located<IPNetwork>> NatSources { get; init; }
}

/// <summary>One place that says something of encapsulation.</summary>
/// <param name="Span">The key.</param>
internal sealed record BoundEncapsulation(SourceSpan Span)
{
    /// <summary>Whose it is, where the key is not the object's own: the alias or the object that takes the default.</summary>
    public required SourceSpan? UsedAt { get; init; }

    public required Located<EncapsulationType>? Type { get; init; }

    public required ImmutableArray<Located<OuterSource>> Sources { get; init; }

    /// <summary>Keys that only some types have.</summary>
    public required ImmutableArray<BoundOption> Options { get; init; }

    /// <summary>Whether everything in it could be read: only then is it known what it lacks.</summary>
    public required bool Complete { get; init; }

    public Located<OuterSource>? Source(AddressFamily family) =>
        Sources.Where(s => s.Value.Address.AddressFamily == family).Select(s => (Located<OuterSource>?)s).FirstOrDefault();
}

/// <summary>One place that says something of the next hop.</summary>
/// <param name="Span">The key.</param>
internal sealed record BoundNextHop(SourceSpan Span)
{
    /// <inheritdoc cref="BoundEncapsulation.UsedAt"/>
    public required SourceSpan? UsedAt { get; init; }

    public required ImmutableArray<Located<IPAddress>> Gateways { get; init; }

    public required Located<PhysicalAddress>? Mac { get; init; }

    /// <inheritdoc cref="BoundEncapsulation.Complete"/>
    public required bool Complete { get; init; }

    public Located<NextHop>? For(AddressFamily family) => Mac is { } mac
        ? new Located<NextHop>(new NextHop(null, mac.Value), mac.Span)
        : Gateways.Where(g => g.Value.AddressFamily == family).Select(g => (Located<NextHop>?)new Located<NextHop>(new NextHop(g.Value, null), g.Span)).FirstOrDefault();
}
