using System.Collections.Immutable;
using Weir.Compiler.Topologies;

namespace Weir.DataPlaneTests.Fuzz;

/// <summary>Draws port ranges that do not overlap.</summary>
internal static class PortGenerator
{
    public static ImmutableArray<PortRange> Disjoint(Draw draw)
    {
        TransportProtocol[] protocols = draw.Weighted(
            (3, new[] { TransportProtocol.Tcp }),
            (2, [TransportProtocol.Udp]),
            (3, [TransportProtocol.Tcp, TransportProtocol.Udp]));
        return [.. protocols.SelectMany(protocol => Ranges(draw, protocol))];
    }

    private static List<PortRange> Ranges(Draw draw, TransportProtocol protocol)
    {
        if (draw.Chance(20))
        {
            return [new PortRange(protocol, 0, ushort.MaxValue)];
        }

        // Cut points in a narrow or wide span; between two of them a range, or one port.
        (int from, int to) = draw.Weighted((3, (1, 65535)), (2, (70, 90)), (1, (0, 12)), (1, (65520, 65535)));
        int count = draw.Weighted((5, 1), (3, 2), (2, 3), (1, 5));
        SortedSet<int> cuts = [.. Enumerable.Range(0, count * 2).Select(_ => draw.Int(from, to))];
        List<PortRange> ranges = [];
        int[] sorted = [.. cuts];
        for (int at = 0; at < sorted.Length; at++)
        {
            bool pair = at + 1 < sorted.Length && draw.Chance(50);
            ranges.Add(new PortRange(protocol, (ushort)sorted[at], (ushort)sorted[pair ? at + 1 : at]));
            at += pair ? 1 : 0;
        }

        return ranges;
    }
}
