using Weir.Compiler.Topologies;

namespace Weir.Compiler.Plans.Flows;

/// <summary>Addresses and ports with the VIP that served them before and the one that does after.</summary>
/// <param name="Before">Number of the VIP, or null for nobody; never both null.</param>
internal readonly record struct ServiceCell(AddressBlock Addresses, PortRange Ports, int? Before, int? After)
{
    public override string ToString() => $"{Addresses} {PortText.Format(Ports)}";
}

/// <summary>Who serves what, before and after, cut so finely that in each cell there is one answer.</summary>
internal static class ServiceDiff
{
    /// <param name="vips">Pairs of the same VIP before and after; its index is its number.</param>
    /// <param name="concerned">Numbers of those whose services differ. Others cannot have taken anything over, nor lost it.</param>
    /// <returns>By family, address, protocol and port.</returns>
    public static List<ServiceCell> Between(IReadOnlyList<(Vip? Before, Vip? After)> vips, IReadOnlyCollection<int> concerned)
    {
        List<ServiceCell> cells = [];
        foreach (bool v6 in new[] { false, true })
        {
            Cut(vips, concerned, v6, cells);
        }

        return cells;
    }

    private static IEnumerable<AddressBlock> Blocks(Vip vip, bool v6) =>
        vip.Addresses.Select(AddressBlock.Of).Concat(vip.Ranges.Select(AddressBlock.Of)).Where(b => b.V6 == v6);

    private static void Cut(IReadOnlyList<(Vip? Before, Vip? After)> vips, IReadOnlyCollection<int> concerned, bool v6, List<ServiceCell> cells)
    {
        (AddressBlock Block, int Vip, bool After)[] blocks =
        [
            .. concerned.SelectMany(i => vips[i].Before is { } before ? Blocks(before, v6).Select(b => (b, i, false)) : []),
            .. concerned.SelectMany(i => vips[i].After is { } after ? Blocks(after, v6).Select(b => (b, i, true)) : []),
        ];
        UInt128[] cuts = [.. blocks.SelectMany(b => new[] { b.Block.First, b.Block.Last + 1 }).Distinct().Order()];
        var pieces = new List<(PortRange Ports, int Vip, bool After)>?[cuts.Length];
        foreach ((AddressBlock block, int vip, bool after) in blocks)
        {
            for (int at = Array.BinarySearch(cuts, block.First); cuts[at] <= block.Last; at++)
            {
                (pieces[at] ??= []).AddRange((after ? vips[vip].After! : vips[vip].Before!).Ports.Select(p => (p, vip, after)));
            }
        }

        for (int at = 0; at < pieces.Length; at++)
        {
            if (pieces[at] is { } served)
            {
                CutPorts(new AddressBlock(v6, cuts[at], cuts[at + 1] - 1), served, cells);
            }
        }
    }

    private static void CutPorts(AddressBlock addresses, List<(PortRange Ports, int Vip, bool After)> served, List<ServiceCell> cells)
    {
        foreach (IGrouping<TransportProtocol, (PortRange Ports, int Vip, bool After)> protocol in served.GroupBy(s => s.Ports.Protocol).OrderBy(g => g.Key))
        {
            int[] cuts = [.. protocol.SelectMany(s => new[] { s.Ports.First, s.Ports.Last + 1 }).Distinct().Order()];
            for (int at = 0; at + 1 < cuts.Length; at++)
            {
                int? before = Owner(protocol, cuts[at], after: false);
                int? after = Owner(protocol, cuts[at], after: true);
                if (before is null && after is null)
                {
                    continue;
                }

                ServiceCell cell = new(addresses, new PortRange(protocol.Key, (ushort)cuts[at], (ushort)(cuts[at + 1] - 1)), before, after);
                if (cells.Count > 0 && cells[^1] is var last && Continues(last, cell))
                {
                    cells[^1] = last with { Ports = last.Ports with { Last = cell.Ports.Last } };
                }
                else
                {
                    cells.Add(cell);
                }
            }
        }
    }

    private static bool Continues(ServiceCell last, ServiceCell cell) =>
        last.Addresses == cell.Addresses && last.Ports.Protocol == cell.Ports.Protocol && last.Ports.Last + 1 == cell.Ports.First
        && last.Before == cell.Before && last.After == cell.After;

    private static int? Owner(IEnumerable<(PortRange Ports, int Vip, bool After)> served, int port, bool after)
    {
        foreach ((PortRange ports, int vip, bool then) in served)
        {
            if (then == after && ports.First <= port && port <= ports.Last)
            {
                return vip;
            }
        }

        return null;
    }
}
