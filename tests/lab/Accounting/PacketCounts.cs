using System.Globalization;
using Weir.Lab.Network;

namespace Weir.Lab.Accounting;

/// <summary>IP packets a namespace's own stack received and sent, as the kernel counts them (RFC 4293), without IPv6
/// multicast, whose neighbour discovery and listener reports come and go by themselves.</summary>
public sealed record PacketCounts(long ReceivedV4, long SentV4, long ReceivedV6, long SentV6, long Retransmitted)
{
    public static PacketCounts Of(NetworkNamespace network) => network.Run(() =>
    {
        var snmp = Rows("/proc/thread-self/net/snmp");
        var snmp6 = File.ReadLines("/proc/thread-self/net/snmp6")
            .Select(line => line.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries))
            .ToDictionary(row => row[0], row => Number(row[1]), StringComparer.Ordinal);
        return new PacketCounts(
            snmp["Ip.InReceives"],
            snmp["Ip.OutRequests"],
            snmp6["Ip6InReceives"] - snmp6["Ip6InMcastPkts"],
            snmp6["Ip6OutRequests"] - snmp6["Ip6OutMcastPkts"],
            snmp["Tcp.RetransSegs"]);
    });

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

    /// <summary>Pairs of lines: names, then numbers, both after the protocol's name.</summary>
    private static Dictionary<string, long> Rows(string path)
    {
        var lines = File.ReadAllLines(path).Select(line => line.Split(' ')).ToArray();
        var rows = new Dictionary<string, long>(StringComparer.Ordinal);
        for (var i = 0; i + 1 < lines.Length; i += 2)
        {
            for (var field = 1; field < lines[i].Length; field++)
            {
                rows[$"{lines[i][0].TrimEnd(':')}.{lines[i][field]}"] = Number(lines[i + 1][field]);
            }
        }

        return rows;
    }

    private static long Number(string text) => long.Parse(text, CultureInfo.InvariantCulture);
}
