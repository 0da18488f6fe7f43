using System.Collections.Immutable;
using System.Globalization;
using System.Text;
using Weir.Compiler.Planning;
using Weir.Compiler.Rings;

namespace Weir.Cli;

/// <summary>A build for people: pools and their rings, what moves, and last the bundle with its digest.</summary>
internal static class BuildText
{
    public static string Render(BuildResult result)
    {
        StringBuilder text = new();
        text.Append(CultureInfo.InvariantCulture, $"site {result.Plan.Site}: {Plural.Of(result.Plan.Vips.Length, "VIP")}, {Plural.Of(result.Plan.Pools.Length, "pool")}\n");
        if (result.Plan.Pools.Length > 0)
        {
            text.Append(TextTable.Render(
            [
                ["pool", " backends", " capacity", " slots", " imbalance", " collateral"],
                .. result.Plan.Pools.Select(Row),
            ]));
        }

        if (result.Changes is { } changes)
        {
            text.Append(Render(changes));
        }

        return text.Append(CultureInfo.InvariantCulture, $"bundle {result.Directory} sha256:{result.Digest}\n").ToString();
    }

    private static string[] Row(PoolPlan pool) =>
    [
        pool.Name,
        Number(pool.Backends.Length),
        Number(pool.Capacity),
        Number(pool.Ring.Length),
        Percent(pool.Quality.ImbalancePpm) + (pool.Quality.ExpectedPpm == 0 ? "" : $", deviation {Percent(pool.Quality.ExpectedPpm)}"),
        Percent(pool.Quality.CollateralPpm),
    ];

    private static string Render(ImmutableArray<PoolRingChange> changes)
    {
        List<string[]> rows = [["pool", " moved slots", " share", "from -> to"]];
        foreach (PoolRingChange change in changes.Where(c => c.Change != RingChange.Compared || c.Moved > 0))
        {
            if (change.Change != RingChange.Compared)
            {
                rows.Add([change.Pool, change.Change is RingChange.Added or RingChange.Removed ? "0" : "all", "", Reason(change.Change)]);
                continue;
            }

            string pool = change.Pool;
            foreach (IGrouping<(string? From, string? To), MovedSlots> move in change.Ranges
                .GroupBy(r => (r.From, r.To))
                .OrderBy(g => g.Key.From, StringComparer.Ordinal)
                .ThenBy(g => g.Key.To, StringComparer.Ordinal))
            {
                int slots = move.Sum(r => r.Last - r.First + 1);
                rows.Add([pool, Number(slots), Percent((int)(slots * 1_000_000L / change.Slots)), $"{move.Key.From ?? "(none)"} -> {move.Key.To ?? "(none)"}"]);
                pool = "";
            }

            rows.Add(["", Number(change.Moved), Percent(change.MovedPpm), string.Create(CultureInfo.InvariantCulture, $"in all, of {change.Slots}")]);
        }

        return rows.Count == 1
            ? "no ring slot moves\n"
            : "connections in these ring slots are reset:\n" + TextTable.Render(rows);
    }

    private static string Reason(RingChange change) => change switch
    {
        RingChange.Added => "the pool is new",
        RingChange.Removed => "the pool is gone, and all of its connections",
        RingChange.Resized => "the ring has another size: nearly every flow moves",
        _ => "the seed is another: nearly every flow moves",
    };

    private static string Number(int number) => number.ToString(CultureInfo.InvariantCulture);

    /// <summary>Millionths as per cent with two decimals, rounded up.</summary>
    private static string Percent(int ppm)
    {
        long hundredths = (ppm + 99L) / 100;
        return string.Create(CultureInfo.InvariantCulture, $"{hundredths / 100}.{hundredths % 100:D2} %");
    }
}
