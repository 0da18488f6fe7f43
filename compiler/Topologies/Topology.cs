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
}

/// <summary>A load balancer of a site.</summary>
public sealed record Host(string Name, string Interface, SourceSpan Position);

/// <summary>How packets travel to backends. Only <c>ipip</c> for now: RFC 2003 (4-in-4), RFC 2473 (6-in-6, 4-in-6), RFC 4213 (6-in-4).</summary>
public sealed record Encapsulation(EncapsulationType Type, OuterSource? SourceV4, OuterSource? SourceV6, SourceSpan Position);

public enum EncapsulationType
{
    Ipip,
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
}

/// <summary>A server that decapsulates and answers by itself (DSR).</summary>
/// <param name="Weight">0 to 65,535; 0 takes no new flows.</param>
public sealed record Backend(string Name, IPAddress Address, int Weight, BackendState State, SourceSpan Position);

public enum BackendState
{
    Active,
    Drain,
}

/// <summary>Virtual IP addresses and the ports served on them.</summary>
public sealed record Vip(string Name, SourceSpan Position)
{
    public required ImmutableArray<IPAddress> Addresses { get; init; }

    public required ImmutableArray<PortRange> Ports { get; init; }

    public required string Pool { get; init; }

    public required ImmutableArray<string> Sites { get; init; }
}

/// <summary>Ports <paramref name="First"/> to <paramref name="Last"/> inclusive; <c>tcp/*</c> is 0 to 65,535.</summary>
public readonly record struct PortRange(TransportProtocol Protocol, ushort First, ushort Last);

/// <summary>Values are IANA protocol numbers.</summary>
public enum TransportProtocol : byte
{
    Tcp = 6,
    Udp = 17,
}
