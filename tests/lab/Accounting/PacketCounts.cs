using Weir.Lab.Network;

namespace Weir.Lab.Accounting;

/// <summary>IP packets a namespace's own stack received and sent, as the kernel counts them (RFC 4293), without IPv6
/// multicast, whose neighbour discovery and listener reports come and go by themselves.</summary>
public sealed record PacketCounts(long ReceivedV4, long SentV4, long ReceivedV6, long SentV6, long Retransmitted)
{
    public static PacketCounts Of(NetworkNamespace network)
    {
        var counters = KernelCounters.Of(network);
        return new PacketCounts(
            counters["Ip.InReceives"],
            counters["Ip.OutRequests"],
            counters["Ip6InReceives"] - counters["Ip6InMcastPkts"],
            counters["Ip6OutRequests"] - counters["Ip6OutMcastPkts"],
            counters["Tcp.RetransSegs"]);
    }

    public static PacketCounts operator -(PacketCounts later, PacketCounts earlier) => new(
        later.ReceivedV4 - earlier.ReceivedV4,
        later.SentV4 - earlier.SentV4,
        later.ReceivedV6 - earlier.ReceivedV6,
        later.SentV6 - earlier.SentV6,
        later.Retransmitted - earlier.Retransmitted);

    public static PacketCounts operator +(PacketCounts one, PacketCounts other) => new(
        one.ReceivedV4 + other.ReceivedV4,
        one.SentV4 + other.SentV4,
        one.ReceivedV6 + other.ReceivedV6,
        one.SentV6 + other.SentV6,
        one.Retransmitted + other.Retransmitted);
}
