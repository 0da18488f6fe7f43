using System.Collections.Immutable;
using System.Globalization;
using Spectre.Console;
using Weir.Compiler.Emit;
using Weir.Lab.Accounting;
using Weir.Lab.Traffic;

namespace Weir.Lab.Quickstart;

/// <summary>The tables that the quickstart ends with.</summary>
internal static class Tables
{
    /// <summary>A row per kind of traffic: requests, failures, rate, and each backend's share below its share by weight.</summary>
    public static Table Traffic(ImmutableArray<Tally> tallies, ManifestPool pool, TimeSpan duration, long packets)
    {
        var table = new Table { Border = TableBorder.Simple, Title = new TableTitle("Three backends") };
        table.AddColumn("traffic");
        foreach (var heading in new[] { "requests", "failed", "per second" }.Concat(pool.Backends.OrderBy(Name, StringComparer.Ordinal).Select(Name)))
        {
            table.AddColumn(new TableColumn(Markup.Escape(heading)).RightAligned());
        }

        var weights = pool.Backends.Where(Active).Sum(backend => backend.Weight);
        table.AddRow(["share by weight", "", "", "", .. Shares(pool, backend => Active(backend) ? backend.Weight : 0, weights)]);
        foreach (var tally in tallies)
        {
            var answers = tally.Backends;
            table.AddRow(
            [
                Markup.Escape(tally.Name),
                Count(tally.Requests),
                Count(tally.Failures.Length),
                Rate(tally.Requests, duration),
                .. Shares(pool, backend => answers.GetValueOrDefault(backend.Name), answers.Values.Sum()),
            ]);
        }

        table.AddRow(["packets to the VIPs", Count(packets), "", Rate(packets, duration)]);
        return table;
    }

    /// <summary>A row per kind of flow: how many, how many the compiler named, how many were hit.</summary>
    public static Table Change(ChangeAccount account)
    {
        var table = new Table { Border = TableBorder.Simple, Title = new TableTitle("One backend added, one drained, under load") };
        table.AddColumn("flows");
        foreach (var heading in new[] { "open", "in moved slots", "reset or moved", "of the others" })
        {
            table.AddColumn(new TableColumn(heading).RightAligned());
        }

        foreach (var flows in account.Flows)
        {
            table.AddRow(flows.Name, Count(flows.Flows), Count(flows.Named), Count(flows.Hit - flows.Unnamed.Length), Count(flows.Unnamed.Length));
        }

        return table;
    }

    /// <summary>A row per way: packets sent, received, lost.</summary>
    public static Table Packets(Conservation packets)
    {
        var table = new Table { Border = TableBorder.Simple };
        table.AddColumn("packets, by the kernels' counters");
        foreach (var heading in new[] { "sent", "received", "lost" })
        {
            table.AddColumn(new TableColumn(heading).RightAligned());
        }

        table.AddRow("client to backends", Count(packets.RequestsSent), Count(packets.RequestsReceived), Count(packets.RequestsSent - packets.RequestsReceived));
        table.AddRow("backends to client", Count(packets.RepliesSent), Count(packets.RepliesReceived), Count(packets.RepliesSent - packets.RepliesReceived));
        return table;
    }

    private static IEnumerable<string> Shares(ManifestPool pool, Func<ManifestBackend, long> part, long whole) =>
        pool.Backends.OrderBy(Name, StringComparer.Ordinal).Select(backend => whole == 0
            ? string.Empty
            : string.Create(CultureInfo.InvariantCulture, $"{100.0 * part(backend) / whole:F1} %"));

    private static string Name(ManifestBackend backend) => backend.Name;

    private static bool Active(ManifestBackend backend) => backend.State == "active";

    private static string Count(long number) => number.ToString("N0", CultureInfo.InvariantCulture);

    private static string Rate(long number, TimeSpan duration) => Count((long)Math.Round(number / duration.TotalSeconds));
}
