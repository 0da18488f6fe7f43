namespace Weir.Compiler.Topologies;

/// <summary>What of a packet decides about its flow's slot: what is left out counts as 0 in the flow hash.</summary>
/// <param name="SourceBitsV4">Leading bits of an IPv4 source that count, 0 to 32.</param>
/// <param name="SourceBitsV6">The same for IPv6, 0 to 128.</param>
public sealed record HashPolicy(int SourceBitsV4, int SourceBitsV6, bool Destination, bool Protocol, bool SourcePort, bool DestinationPort)
{
    /// <summary>Everything: the default.</summary>
    public static HashPolicy FiveTuple { get; } = new(32, 128, true, true, true, true);

    /// <summary>Source, destination, protocol.</summary>
    public static HashPolicy ThreeTuple { get; } = new(32, 128, true, true, false, false);

    /// <summary>All but the destination port: connections to several ports from one source port stay together.</summary>
    public static HashPolicy WithoutDestinationPort { get; } = new(32, 128, true, true, true, false);

    /// <summary>The source address alone: session affinity over all ports and addresses of the VIP.</summary>
    public static HashPolicy SourceAddress { get; } = new(32, 128, false, false, false, false);

    /// <summary>The leading bits of the source address.</summary>
    public static HashPolicy SourcePrefix(int bitsV4, int bitsV6) => SourceAddress with { SourceBitsV4 = bitsV4, SourceBitsV6 = bitsV6 };
}
