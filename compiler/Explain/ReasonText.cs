using System.Globalization;
using Weir.Compiler.Model;
using Weir.Compiler.Planning;

namespace Weir.Compiler.Explain;

/// <summary>Reasons in a sentence each.</summary>
internal static class ReasonText
{
    public static string Of(Reason reason, SitePlan plan) => reason switch
    {
        Reason.PassNotIp => "it carries neither IPv4 nor IPv6, or a family that no VIP of the site has",
        Reason.PassNoVip => $"its destination is no VIP's address at site {plan.Site}",
        Reason.PassNoService => "no VIP serves this protocol and port on its address, and the site's `unmatched: pass` leaves it to the host",
        Reason.DropNoService => "no VIP serves this protocol and port on its address, and the site says `unmatched: drop`",
        Reason.DropMalformed => "its lengths or versions contradict each other or the frame",
        Reason.DropFragment => "it is a fragment, and no VIP that has its fragments followed serves it",
        Reason.DropFragmentUnknown => "it is a later fragment, and the first of its datagram is not among the packets before it",
        Reason.DropTooBig => string.Create(CultureInfo.InvariantCulture, $"with its outer header it exceeds the site's MTU of {plan.Mtu}, and it is not one to be answered"),
        Reason.TxTooBig => string.Create(CultureInfo.InvariantCulture, $"with its outer header it exceeds the site's MTU of {plan.Mtu}: its sender is told by ICMP"),
        Reason.DropTooBigLimited => string.Create(CultureInfo.InvariantCulture, $"with its outer header it exceeds the site's MTU of {plan.Mtu}, and the limit of ICMP messages is reached"),
        Reason.TxEchoReply => "an echo request for a VIP's address is answered by the load balancer",
        Reason.DropIcmpInner => "the ICMP error quotes no packet of a flow that is balanced here",
        Reason.DropExtensions => "it has more IPv6 extension headers than are followed",
        Reason.DropNoBackend => "no backend of the pool takes new flows: all are drained or down, or have weight 0",
        Reason.DropNoNextHop => "the MAC of the next hop is not known",
        Reason.DropNoHeadroom => "the driver left no room for the outer header",
        Reason.DropNoLink => "the MAC of the backend, which is on the same segment, is not known",
        Reason.DropDecapSender => "it is encapsulated for this host by somebody who is not in the site's `decapsulate.from`",
        Reason.DropDecapMalformed => "it is encapsulated for this host, and its headers contradict each other or the frame, or ask for what is not done",
        Reason.DropDecapChecksum => "it is encapsulated for this host, and the outer checksum is wrong or missing",
        Reason.DropDecapEcn => "it is encapsulated for this host; congestion was experienced on the way, and the inner packet cannot say so",
        Reason.DropHandover => "another load balancer handed it over, and its backend is a load balancer again",
        Reason.TxNatReply => "a backend sends it back to an address and port that NAT gave its client, who gets it",
        Reason.PassNatUnknown => "it is for an address that NAT takes as a source, and of no connection that is known: the host's own",
        Reason.DropNatFull => "it begins a connection through NAT, and all rows where that could be are others'",
        Reason.DropNatHops => "it would go through NAT, and its TTL or hop limit ends here",
        Reason.DropNatIcmp => "the ICMP error about a connection through NAT has no counterpart in the other family",
        Reason.DropNatChecksum => "the ICMP error about a connection through NAT has a wrong checksum",
        Reason.DropSourceDenied => "the VIP's source lists deny the client",
        Reason.NoteQuicShort => "the datagram or its connection id is too short to name a backend, so the hash decides",
        Reason.NoteQuicConfig => "the pool has no config for its connection id, so the hash decides",
        Reason.NoteQuicUnroutable => "its connection id says that it names no server, so the hash decides",
        Reason.NoteQuicServer => "no backend of the pool has the server id in its connection id, so the hash decides",
        Reason.NoteTcpServer => "no backend of the pool has the server id in its TCP option, so the hash decides",
        Reason.NoteQuicKey => "its connection id is encrypted with a key that only the hosts have: they find the backend, here the hash decides",
        Reason.NoteServerDown => "the backend that has its server id is down, so the hash decides",
        _ => "a table of the program disagrees with it",
    };
}
