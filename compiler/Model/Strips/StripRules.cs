using System.Collections.Immutable;
using System.Net;
using Weir.Compiler.Topologies;

namespace Weir.Compiler.Model.Strips;

/// <summary>Which encapsulated packets are decapsulated.</summary>
public sealed record StripRules
{
    /// <summary>UDP destination ports by IANA and, of GUE, by the Linux kernel's documents.</summary>
    public const ushort DefaultGuePort = 6080, DefaultVxlanPort = 4789, DefaultGenevePort = 6081;

    /// <summary>Outer destinations; null for every one.</summary>
    public ImmutableArray<IPAddress>? To { get; init; }

    /// <summary>Prefixes of outer sources that may send them.</summary>
    public required ImmutableArray<IPNetwork> From { get; init; }

    /// <summary>Those of <see cref="EncapsulationType.Ipip"/>, <c>Gre</c>, <c>Gue</c>, <c>Vxlan</c> and <c>Geneve</c> that are understood.</summary>
    public required ImmutableArray<EncapsulationType> Types { get; init; }

    public ushort GuePort { get; init; } = DefaultGuePort;

    public ushort VxlanPort { get; init; } = DefaultVxlanPort;

    public ushort GenevePort { get; init; } = DefaultGenevePort;

    /// <summary>Whether UDP over IPv6 may come without a checksum (RFC 6935, RFC 6936).</summary>
    public bool ZeroChecksumV6 { get; init; }
}

/// <summary>What becomes of a packet that may be encapsulated. The order is that of <c>enum strip_outcome</c>.</summary>
public enum StripOutcome
{
    /// <summary>It is none that the rules tell to take: it stays as it came.</summary>
    Not,

    /// <summary>The outer headers are gone.</summary>
    Done,

    /// <summary>Its sender may not send it.</summary>
    Sender,

    /// <summary>Headers contradict each other or the frame, or ask for what is not done.</summary>
    Malformed,

    /// <summary>The outer packet is a fragment.</summary>
    Fragment,

    /// <summary>The checksum of UDP or GRE is wrong, or missing where it must be there.</summary>
    Checksum,

    /// <summary>Congestion was experienced outside, and the inner packet cannot say so.</summary>
    Ecn,
}

/// <param name="Frame">Without the outer headers; empty unless the outcome is <see cref="StripOutcome.Done"/>.</param>
/// <param name="Length">Bytes of the inner IP packet, likewise 0.</param>
public sealed record StripResult(StripOutcome Outcome, ImmutableArray<byte> Frame, int Length);
