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
    private readonly Dictionary<(string, string, bool), int?> _known = [];
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
        SourceTraffic sources = keeps ? Sources(before!, after!) : SourceTraffic.None;
        ImmutableArray<string> added = [.. (has ?? []).Where(c => c.Before is null).Select(c => c.ToString())];
        ImmutableArray<string> withdrawn = [.. (had ?? []).Where(c => c.After is null).Select(c => c.ToString()), .. sources.LeftOut.Select(s => $"sources {s}")];
        ImmutableArray<TakenOver> takenOver =
        [
            .. (has ?? []).Where(c => c.Before is { } other && other != number).GroupBy(c => c.Before!.Value).OrderBy(g => vips[g.Key].Before!.Name, StringComparer.Ordinal)
                .Select(g => new TakenOver(vips[g.Key].Before!.Name, Largest(Sources(vips[g.Key].Before!, after!).Moves), [.. g.Select(c => c.ToString())])),
        ];
        if (sources.IsNothing && added.IsEmpty && withdrawn.IsEmpty && takenOver.IsEmpty)
        {
            return null;
        }

        PoolMove? largest = Largest(takenOver.Select(t => t.Move).OfType<int>().Concat(sources.Moves)) is { } index ? _moves[index] : null;
        return new VipTraffic(
            (after ?? before)!.Name,
            after?.PoolAt(_site),
            sources.Own,
            added,
            withdrawn,
            takenOver,
            largest?.MovedPpm ?? 0,
            largest is null ? 0 : Share.Of(maxFlows, largest.Moved, largest.Slots))
        {
            Routes = sources.Routes,
            Denied = sources.Denied,
            Admitted = sources.Admitted,
        };
    }

    private int? Largest(IEnumerable<int> moves) => moves.Select(m => (int?)m).MaxBy(m => _moves[m!.Value].MovedPpm);

    /// <summary>What becomes of the flows of a VIP's services that were another VIP's, or its own before.</summary>
    private SourceTraffic Sources(Vip before, Vip after)
    {
        bool sameHash = before.Hash == after.Hash;
        (string From, string To) own = (before.PoolAt(_site), after.PoolAt(_site));
        if (SourceDiff.IsPlain(before) && SourceDiff.IsPlain(after))
        {
            return SourceTraffic.None with { Own = Move(own.From, own.To, sameHash) };
        }

        ImmutableArray<SourceCell> cells = SourceDiff.Between(before, after, _site);
        ILookup<(string From, string To), AddressBlock> served = cells.Where(c => c is { Before: not null, After: not null }).ToLookup(c => (c.Before!, c.After!), c => c.Sources);
        return new SourceTraffic(
            served.Contains(own) ? Move(own.From, own.To, sameHash) : null,
            [
                .. served.Where(g => g.Key != own).OrderBy(g => g.Key.From, StringComparer.Ordinal).ThenBy(g => g.Key.To, StringComparer.Ordinal)
                    .Select(g => (Move: Move(g.Key.From, g.Key.To, sameHash), Sources: Texts(g))).Where(r => r.Move is not null).Select(r => new RoutedMove(r.Move!.Value, r.Sources)),
            ],
            Texts(cells.Where(c => c is { After: null, ByList: true }).Select(c => c.Sources)),
            Texts(cells.Where(c => c is { After: null, ByList: false }).Select(c => c.Sources)),
            Texts(cells.Where(c => c.Before is null).Select(c => c.Sources)));
    }

    private static ImmutableArray<string> Texts(IEnumerable<AddressBlock> blocks) => [.. blocks.Select(b => b.ToString())];

    /// <summary>Index of the move from one pool to another, null when no flow moves.</summary>
    /// <param name="sameHash">Whether the same parts of a packet are hashed before and after.</param>
    private int? Move(string before, string after, bool sameHash)
    {
        if (_known.TryGetValue((before, after, sameHash), out int? known))
        {
            return known;
        }

        PoolMove move = HashSpace.Between(_poolsBefore[before], _poolsAfter[after], sameHash && _before.HashKey == _after.HashKey);
        int? index = null;
        if (move.Moved > 0)
        {
            index = _moves.Count;
            _moves.Add(move);
        }

        _known.Add((before, after, sameHash), index);
        return index;
    }

    private static bool SameServices(Vip? before, Vip? after) => before is not null && after is not null
        && before.Addresses.SequenceEqual(after.Addresses) && before.Ranges.SequenceEqual(after.Ranges) && before.Ports.SequenceEqual(after.Ports);

    /// <param name="Own">Index of the move of sources that the VIP's own pool served and serves, or null.</param>
    /// <param name="Routes">All others that are served before and after, and whose flows move.</param>
    /// <param name="Denied">Served before and named by <c>deny</c> now.</param>
    /// <param name="LeftOut">Served before and left out by <c>allow</c> now.</param>
    /// <param name="Admitted">Denied before and served now.</param>
    private sealed record SourceTraffic(
        int? Own, ImmutableArray<RoutedMove> Routes, ImmutableArray<string> Denied, ImmutableArray<string> LeftOut, ImmutableArray<string> Admitted)
    {
        public static SourceTraffic None { get; } = new(null, [], [], [], []);

        public IEnumerable<int> Moves => Routes.Select(r => r.Move).Concat(Own is { } own ? [own] : Array.Empty<int>());

        public bool IsNothing => Own is null && Routes.IsEmpty && Denied.IsEmpty && LeftOut.IsEmpty && Admitted.IsEmpty;
    }
}
