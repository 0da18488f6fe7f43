using System.Collections.Immutable;
using Weir.Compiler.Planning;
using Weir.Compiler.Topologies;

namespace Weir.Compiler.Plans.Flows;

/// <summary>What becomes of every VIP's flows at a site that both revisions have.</summary>
internal sealed class TrafficDiff
{
    private readonly string _site;
    private readonly SitePlan _before;
    private readonly SitePlan _after;
    private readonly Dictionary<string, PoolPlan> _poolsBefore;
    private readonly Dictionary<string, PoolPlan> _poolsAfter;
    private readonly Dictionary<(string, string), int?> _known = [];
    private readonly ImmutableArray<PoolMove>.Builder _moves = ImmutableArray.CreateBuilder<PoolMove>();

    private TrafficDiff(SitePlan before, SitePlan after)
    {
        _site = after.Site;
        (_before, _after) = (before, after);
        _poolsBefore = before.Pools.ToDictionary(p => p.Name, StringComparer.Ordinal);
        _poolsAfter = after.Pools.ToDictionary(p => p.Name, StringComparer.Ordinal);
    }

    /// <param name="vips">The site's VIPs, renamed ones together, sorted by name.</param>
    /// <param name="maxFlows">See <see cref="SiteChange.MaxFlows"/>.</param>
    public static (ImmutableArray<PoolMove> Moves, ImmutableArray<VipTraffic> Traffic) Between(
        SitePlan before, SitePlan after, IReadOnlyList<(Vip? Before, Vip? After)> vips, long maxFlows)
    {
        TrafficDiff diff = new(before, after);
        int[] concerned = [.. Enumerable.Range(0, vips.Count).Where(i => !SameServices(vips[i].Before, vips[i].After))];
        List<ServiceCell> cells = ServiceDiff.Between(vips, concerned);
        ILookup<int, ServiceCell> byBefore = cells.Where(c => c.Before is not null).ToLookup(c => c.Before!.Value);
        ILookup<int, ServiceCell> byAfter = cells.Where(c => c.After is not null).ToLookup(c => c.After!.Value);
        HashSet<int> cut = [.. concerned];
        ImmutableArray<VipTraffic> traffic =
        [
            .. Enumerable.Range(0, vips.Count)
                .Select(i => diff.Of(vips, i, cut.Contains(i) ? byBefore[i] : null, cut.Contains(i) ? byAfter[i] : null, maxFlows))
                .OfType<VipTraffic>(),
        ];
        return (diff._moves.ToImmutable(), traffic);
    }

    private VipTraffic? Of(IReadOnlyList<(Vip? Before, Vip? After)> vips, int number, IEnumerable<ServiceCell>? had, IEnumerable<ServiceCell>? has, long maxFlows)
    {
        (Vip? before, Vip? after) = vips[number];
        bool keeps = has is null ? before is not null && after is not null : has.Any(c => c.Before == number);
        int? move = keeps ? Move(before!.PoolAt(_site), after!.PoolAt(_site)) : null;
        ImmutableArray<string> added = [.. (has ?? []).Where(c => c.Before is null).Select(c => c.ToString())];
        ImmutableArray<string> withdrawn = [.. (had ?? []).Where(c => c.After is null).Select(c => c.ToString())];
        ImmutableArray<TakenOver> takenOver =
        [
            .. (has ?? []).Where(c => c.Before is { } other && other != number).GroupBy(c => c.Before!.Value).OrderBy(g => vips[g.Key].Before!.Name, StringComparer.Ordinal)
                .Select(g => new TakenOver(vips[g.Key].Before!.Name, Move(vips[g.Key].Before!.PoolAt(_site), after!.PoolAt(_site)), [.. g.Select(c => c.ToString())])),
        ];
        if (move is null && added.IsEmpty && withdrawn.IsEmpty && takenOver.IsEmpty)
        {
            return null;
        }

        PoolMove? largest = takenOver.Select(t => t.Move).Append(move).OfType<int>().Select(m => _moves[m]).MaxBy(m => m.MovedPpm);
        return new VipTraffic(
            (after ?? before)!.Name,
            after?.PoolAt(_site),
            move,
            added,
            withdrawn,
            takenOver,
            largest?.MovedPpm ?? 0,
            largest is null ? 0 : Share.Of(maxFlows, largest.Moved, largest.Slots));
    }

    /// <summary>Index of the move from one pool to another, null when no flow moves.</summary>
    private int? Move(string before, string after)
    {
        if (_known.TryGetValue((before, after), out int? known))
        {
            return known;
        }

        PoolMove move = HashSpace.Between(_poolsBefore[before], _poolsAfter[after], _before.HashKey == _after.HashKey);
        int? index = null;
        if (move.Moved > 0)
        {
            index = _moves.Count;
            _moves.Add(move);
        }

        _known.Add((before, after), index);
        return index;
    }

    private static bool SameServices(Vip? before, Vip? after) => before is not null && after is not null
        && before.Addresses.SequenceEqual(after.Addresses) && before.Ranges.SequenceEqual(after.Ranges) && before.Ports.SequenceEqual(after.Ports);
}
