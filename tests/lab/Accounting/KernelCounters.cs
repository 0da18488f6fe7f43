using System.Globalization;
using Weir.Lab.Network;

namespace Weir.Lab.Accounting;

/// <summary>A namespace's protocol counters by name: <c>Ip.InReceives</c> of /proc/net/snmp, <c>Ip6InReceives</c> of /proc/net/snmp6.</summary>
public static class KernelCounters
{
    public static IReadOnlyDictionary<string, long> Of(NetworkNamespace network) => network.Run(() =>
    {
        var counters = new Dictionary<string, long>(StringComparer.Ordinal);
        // Pairs of lines: names, then numbers, both after the protocol's name.
        var lines = File.ReadAllLines("/proc/thread-self/net/snmp").Select(line => line.Split(' ')).ToArray();
        for (var i = 0; i + 1 < lines.Length; i += 2)
        {
            for (var field = 1; field < lines[i].Length; field++)
            {
                counters[$"{lines[i][0].TrimEnd(':')}.{lines[i][field]}"] = Number(lines[i + 1][field]);
            }
        }

        foreach (var row in File.ReadLines("/proc/thread-self/net/snmp6").Select(line => line.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries)))
        {
            counters[row[0]] = Number(row[1]);
        }

        return counters;
    });

    private static long Number(string text) => long.Parse(text, CultureInfo.InvariantCulture);
}
