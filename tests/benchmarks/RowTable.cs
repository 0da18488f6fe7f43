using System.Globalization;

namespace Weir.Benchmarks;

/// <summary>Prints rows for people: one line each.</summary>
public static class RowTable
{
    public static void Print(IReadOnlyList<Row> rows, TextWriter to)
    {
        string[][] cells =
        [
            ["case", "time", "x floor", "goal", "", ""],
            .. rows.Select(row => (string[])
            [
                row.Case,
                Time(row.Ns),
                row.Ratio is { } ratio ? Number(ratio, "0.00") : "",
                Goal(row),
                row.Met switch { true => "met", false => "MISSED", null => "" },
                Details(row),
            ]),
        ];
        int[] widths = [.. Enumerable.Range(0, 5).Select(column => cells.Max(line => line[column].Length))];
        foreach (string[] line in cells)
        {
            to.WriteLine(string.Join("  ", [
                line[0].PadRight(widths[0]),
                .. Enumerable.Range(1, 3).Select(column => line[column].PadLeft(widths[column])),
                line[4].PadRight(widths[4]),
                line[5]]).TrimEnd());
        }

        int goals = rows.Count(row => row.Met is not null), met = rows.Count(row => row.Met == true);
        to.WriteLine(string.Create(CultureInfo.InvariantCulture, $"\n{rows.Count} cases, {met} of {goals} goals met"));
    }

    /// <summary>With the unit that leaves one to five digits before the point.</summary>
    public static string Time(double? ns) => ns switch
    {
        null => "",
        < 1e4 => Number(ns.Value, "0.0") + " ns",
        < 1e7 => Number(ns.Value / 1e3, "0") + " µs",
        < 1e10 => Number(ns.Value / 1e6, "0") + " ms",
        _ => Number(ns.Value / 1e9, "0.0") + " s",
    };

    private static string Goal(Row row) => string.Join(", ", ((string?[])[
        row.GoalRatio is { } ratio ? "<= " + Number(ratio, "0.0#") : null,
        row.GoalNs is { } ns ? "<= " + Time(ns) : null,
        row.GoalBytes is { } bytes ? "< " + Bytes(bytes) : null]).Where(part => part is not null));

    private static string Details(Row row) => string.Join(", ", ((string?[])[
        row.Instructions is { } instructions ? Number(instructions, "#,0") + " instructions" : null,
        row.JitedBytes is { } jited ? Bytes(jited) + " JITed" : null,
        row.Verified is { } verified ? Number(verified, "#,0") + " verified" : null,
        row.LoadNs is { } load ? "loaded in " + Time(load) : null,
        row.MapBytes is { } maps ? Bytes(maps) + " of maps" : null,
        row.AllocatedBytes is { } allocated ? Bytes(allocated) + " allocated" : null,
        row.PeakBytes is { } peak ? Bytes(peak) + " at peak" : null,
        row.Growth is { } growth ? Number(growth, "0.00") + " x linear" : null,
        row.PerSecond is { } speed ? Number(speed / 1e6, "#,0") + " M backends x slots per second" : null]).Where(part => part is not null));

    private static string Bytes(long bytes) => bytes switch
    {
        < 100_000 => Number(bytes, "#,0") + " B",
        < 10_000_000 => Number(bytes / 1024.0, "#,0") + " KiB",
        _ => Number(bytes / 1048576.0, "#,0") + " MiB",
    };

    private static string Number(double value, string format) => value.ToString(format, CultureInfo.InvariantCulture);
}
