namespace Weir.Compiler.Model;

/// <summary>Why a packet was not simply forwarded. This is the one definition: <c>bpf/weir/reasons.h</c> is generated from it.
/// Numbers are never reused or changed, names are what status, metrics and documents say.</summary>
public enum Reason
{
    /// <summary>Not IPv4 or IPv6, or too short to carry either header: passed.</summary>
    PassNotIp = 0,

    /// <summary>The destination is no VIP's address: passed.</summary>
    PassNoVip = 1,

    /// <summary>A VIP's address, but no VIP serves this protocol and port; <c>unmatched: pass</c>.</summary>
    PassNoService = 2,

    /// <summary>A VIP's address, but no VIP serves this protocol and port; <c>unmatched: drop</c>.</summary>
    DropNoService = 3,

    /// <summary>For a VIP's address, with lengths or versions that contradict each other or the frame.</summary>
    DropMalformed = 4,

    /// <summary>A fragment for a VIP's address, or of a packet to be decapsulated here.</summary>
    DropFragment = 5,

    /// <summary>Does not fit the path once encapsulated, and may not or need not be answered.</summary>
    DropTooBig = 6,

    /// <summary>Answered with fragmentation needed or packet too big.</summary>
    TxTooBig = 7,

    /// <summary>Would have been answered with fragmentation needed or packet too big, but for the rate limit.</summary>
    DropTooBigLimited = 8,

    /// <summary>An echo request for a VIP's address, answered.</summary>
    TxEchoReply = 9,

    /// <summary>An ICMP error for a VIP's address that quotes no packet of a flow we balance.</summary>
    DropIcmpInner = 10,

    /// <summary>More IPv6 extension headers than are followed.</summary>
    DropExtensions = 11,

    /// <summary>The flow's ring slot has no backend: all are drained or have weight 0.</summary>
    DropNoBackend = 12,

    /// <summary>The MAC of the next hop is not known yet.</summary>
    DropNoNextHop = 13,

    /// <summary>The driver left no room in front of the packet for the outer header.</summary>
    DropNoHeadroom = 14,

    /// <summary>An index outside its table: an image disagrees with the program.</summary>
    DropInternal = 15,

    /// <summary>The MAC of a backend on the same segment is not known.</summary>
    DropNoLink = 20,

    /// <summary>Encapsulated for this host, from somebody who may not send it.</summary>
    DropDecapSender = 21,

    /// <summary>Encapsulated for this host, with headers that contradict each other or the frame, or that ask for what is not done.</summary>
    DropDecapMalformed = 22,

    /// <summary>Encapsulated for this host, with a wrong checksum outside, or none where there must be one.</summary>
    DropDecapChecksum = 23,

    /// <summary>Encapsulated for this host; congestion was experienced outside, and the inner packet cannot say so.</summary>
    DropDecapEcn = 24,

    /// <summary>Another load balancer handed it over, and it would be handed on to one again.</summary>
    DropHandover = 25,

    /// <summary>What a backend sends back to a NAT source, sent to its client.</summary>
    TxNatReply = 26,

    /// <summary>For a NAT source, and of no connection that is known: passed.</summary>
    PassNatUnknown = 27,

    /// <summary>A new connection through NAT, and all of the rows where it could be are others'.</summary>
    DropNatFull = 28,

    /// <summary>Would go through NAT, but its TTL or hop limit ends here.</summary>
    DropNatHops = 29,

    /// <summary>An ICMP error about a connection through NAT that has no counterpart in the other family.</summary>
    DropNatIcmp = 30,

    /// <summary>An ICMP error about a connection through NAT with a wrong checksum.</summary>
    DropNatChecksum = 31,

    /// <summary>The VIP's source lists deny the client.</summary>
    DropSourceDenied = 34,
    /// <summary>A later fragment whose first is not remembered: it has not come to this CPU, or too long ago, or another took its place.</summary>
    DropFragmentUnknown = 37,


    /// <summary>Sent by the flow's hash: a QUIC datagram ends before its connection id, or the id is too short for its config. Counted beside the packet, as the notes below.</summary>
    NoteQuicShort = 40,

    /// <summary>Sent by the flow's hash: a connection id of a config that the pool does not have.</summary>
    NoteQuicConfig = 41,

    /// <summary>Sent by the flow's hash: a connection id that names no server on purpose.</summary>
    NoteQuicUnroutable = 42,

    /// <summary>Sent by the flow's hash: no backend of the pool has the connection id's server id.</summary>
    NoteQuicServer = 43,

    /// <summary>Sent by the flow's hash: no backend of the pool has the TCP option's server id.</summary>
    NoteTcpServer = 44,

    /// <summary>Sent by the flow's hash: the backend that has the server id is down.</summary>
    NoteServerDown = 45,

    /// <summary>Sent by the flow's hash: a connection id is encrypted, and the kernel has not its key.</summary>
    NoteQuicKey = 46,
}
