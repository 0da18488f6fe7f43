using System.Collections.Immutable;
using System.Net.Sockets;
using Weir.Compiler.Lookup;
using Weir.Compiler.Topologies;

namespace Weir.Compiler.Plans.Flows;

/// <summary>Sources of clients with the pool that served them before and the one that does after.</summary>
/// <param name="Before">Name of the pool, or null where they were denied.</param>
/// <param name="After">The same after; never both null.</param>
/// <param name="ByList">Where they are denied now: whether <c>deny</c> names them, and not only <c>allow</c> leaves them out.</param>
internal readonly record struct SourceCell(AddressBlock Sources, string? Before, string? After, bool ByList);

/// <summary>Which pool serves whom, before and after, cut so finely that in each cell there is one answer.</summary>
internal static class SourceDiff
{
    /// <summary>Whether every source goes one way.</summary>
    public static bool IsPlain(Vip vip) => vip.Sources.IsAll && vip.Routes.IsEmpty;

    /// <summary>Every address of the families that both have, but for those that are denied before and after.</summary>
    /// <param name="site">Name of the site.</param>
    public static ImmutableArray<SourceCell> Between(Vip before, Vip after, string site) =>
    [
        .. new[] { AddressFamily.InterNetwork, AddressFamily.InterNetworkV6 }.Where(f => Has(before, f) && Has(after, f))
            .SelectMany(f => Between(before, after, site, f == AddressFamily.InterNetworkV6)),
    ];

    private static bool Has(Vip vip, AddressFamily family) => vip.Addresses.Concat(vip.Ranges.Select(r => r.BaseAddress)).Any(a => a.AddressFamily == family);

    private static List<SourceCell> Between(Vip before, Vip after, string site, bool isV6)
    {
        string[] names = [.. before.PoolsAt(site).Concat(after.PoolsAt(site)).Distinct(StringComparer.Ordinal)];
        Dictionary<string, int> numbers = names.Select((name, i) => (name, i)).ToDictionary(n => n.name, n => n.i, StringComparer.Ordinal);
        ImmutableArray<SourceInterval> old = Of(before);
        ImmutableArray<SourceInterval> now = Of(after);
        ImmutableArray<SourceInterval> lists = SourceIntervals.Of(SourceLists.All, after.Sources.Allow.Select(p => (p, 0)).Concat(after.Sources.Deny.Select(p => (p, 1))), isV6);
        UInt128[] cuts = [.. old.Concat(now).Concat(lists).Select(i => i.First).Distinct().Order()];
        UInt128 end = isV6 ? UInt128.MaxValue : uint.MaxValue;
        List<SourceCell> cells = [];
        (int o, int n, int l) = (0, 0, 0);
        for (int at = 0; at < cuts.Length; at++)
        {
            (o, n, l) = (Advance(old, o, cuts[at]), Advance(now, n, cuts[at]), Advance(lists, l, cuts[at]));
            string? from = Name(old[o], before);
            string? to = Name(now[n], after);
            AddressBlock block = new(isV6, cuts[at], at + 1 < cuts.Length ? cuts[at + 1] - 1 : end);
            SourceCell cell = new(block, from, to, to is null && lists[l].Pool == 1);
            if (from is null && to is null)
            {
                continue;
            }

            if (cells.Count > 0 && cells[^1] is var last && last with { Sources = block } == cell && last.Sources.Last + 1 == block.First)
            {
                cells[^1] = last with { Sources = last.Sources with { Last = block.Last } };
            }
            else
            {
                cells.Add(cell);
            }
        }

        return cells;

        ImmutableArray<SourceInterval> Of(Vip vip) => SourceIntervals.Of(vip.Sources, vip.Routes.Select(r => (r.Source, numbers[r.Pool])), isV6);

        string? Name(SourceInterval interval, Vip vip) => interval.Pool switch
        {
            SourceIntervals.Denied => null,
            SourceIntervals.Own => vip.PoolAt(site),
            var pool => names[pool],
        };
    }

    private static int Advance(ImmutableArray<SourceInterval> intervals, int at, UInt128 first) => at + 1 < intervals.Length && intervals[at + 1].First <= first ? at + 1 : at;
}
