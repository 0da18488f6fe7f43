using System.Collections.Immutable;
using System.Net;
using System.Net.NetworkInformation;
using Weir.Compiler.Model.ConnectionIds;
using Weir.Compiler.Model.Transition;
using Weir.Compiler.Planning;

namespace Weir.Compiler.Model;

/// <summary>What a host has put into the program's data (<c>.data.site</c>).</summary>
/// <param name="NextHopV4">MAC of the next hop for IPv4 outer packets; null while it is not known.</param>
/// <param name="NextHopV6">The same for IPv6.</param>
/// <param name="AnswersTooBig">Whether the rate limit of packet-too-big messages has room.</param>
public sealed record HostState(PhysicalAddress? NextHopV4, PhysicalAddress? NextHopV6, bool AnswersTooBig = true)
{
    /// <summary>By key file, the keys of encrypted connection ids that the kernel has been given.</summary>
    public ImmutableSortedDictionary<string, IdCipher> Ciphers { get; init; } = ImmutableSortedDictionary<string, IdCipher>.Empty;

    /// <summary>What the host's NAT takes sources from (<c>.data.nat</c>); null where it has none.</summary>
    public HostNatSources? NatSources { get; init; }

    /// <summary>What the host and earlier packets made of slots and flows; null where every slot is the ring's.</summary>
    public SiteTransitions? Transitions { get; init; }

    /// <summary>MACs of backends on the host's own link (<c>.data.link</c>), by address, where the topology does not state them.</summary>
    public ImmutableDictionary<IPAddress, PhysicalAddress> Links { get; init; } = ImmutableDictionary<IPAddress, PhysicalAddress>.Empty;
}
