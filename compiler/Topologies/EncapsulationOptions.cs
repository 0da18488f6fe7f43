using System.Net.NetworkInformation;

namespace Weir.Compiler.Topologies;

/// <summary>What single types of encapsulation need beside a source. Null where nothing was said; then the type's default holds.</summary>
public sealed record EncapsulationOptions
{
    public static EncapsulationOptions None { get; } = new();

    /// <summary>What a narrower scope says, and otherwise this.</summary>
    public EncapsulationOptions Under(EncapsulationOptions narrower) => new()
    {
        Key = narrower.Key ?? Key,
        Port = narrower.Port ?? Port,
        Variant = narrower.Variant ?? Variant,
        Checksum = narrower.Checksum ?? Checksum,
        Vni = narrower.Vni ?? Vni,
        InnerSource = narrower.InnerSource ?? InnerSource,
        InnerDestination = narrower.InnerDestination ?? InnerDestination,
        GeneveOptions = narrower.GeneveOptions ?? GeneveOptions,
    };

    /// <summary>Key of <c>gre</c> (RFC 2890).</summary>
    public uint? Key { get; init; }

    /// <summary>UDP destination port: <c>gue</c> 6080, <c>vxlan</c> 4789, <c>geneve</c> 6081 unless said otherwise.</summary>
    public ushort? Port { get; init; }

    /// <summary>Of <c>gue</c>: 0 (a header of 4 bytes; the default) or 1 (the IP packet follows the UDP header).</summary>
    public int? Variant { get; init; }

    /// <summary>Whether the outer UDP (or GRE) checksum is filled in. By default not over IPv4 and not with GRE; over IPv6 it is (RFC 6935 allows zero where asked).</summary>
    public bool? Checksum { get; init; }

    /// <summary>Network identifier of <c>vxlan</c> and <c>geneve</c>: 0 to 2^24 - 1.</summary>
    public int? Vni { get; init; }

    /// <summary>Source of the inner Ethernet header.</summary>
    public PhysicalAddress? InnerSource { get; init; }

    /// <summary>Destination of the inner Ethernet header.</summary>
    public PhysicalAddress? InnerDestination { get; init; }

    /// <summary>Options of <c>geneve</c> as they lie in the packet, lower-case hex; a text, so that records compare by value.</summary>
    public string? GeneveOptions { get; init; }
}
