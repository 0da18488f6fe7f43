using System.CommandLine;
using System.Text.Json;
using System.Text.RegularExpressions;
using Weir.Benchmarks;

Option<string?> only = new("--only") { Description = "Only cases whose name matches this regular expression, in any case of letters.", HelpName = "PATTERN" };
Option<FileInfo?> json = new("--json") { Description = "Also writes the rows there.", HelpName = "FILE" };
Option<bool> list = new("--list") { Description = "Prints the names of the cases and measures nothing." };
RootCommand root = new("What Weir costs: one table, ratios to the floor program in the same run. Needs root.") { only, json, list };
root.SetAction((result, cancellation) => Run(result.GetValue(only), result.GetValue(json), result.GetValue(list), cancellation));
return await root.Parse(args).InvokeAsync();

static async Task<int> Run(string? pattern, FileInfo? json, bool list, CancellationToken cancellation)
{
    Regex? wanted = pattern is null ? null : new(pattern, RegexOptions.IgnoreCase | RegexOptions.CultureInvariant);
    using Workbench bench = await Workbench.OpenAsync(cancellation);
    Case[] cases = [.. Cases.All(bench).Where(one => wanted?.IsMatch(one.Name) ?? true)];
    if (list)
    {
        Array.ForEach(cases, one => Console.WriteLine(one.Name));
        return 0;
    }

    List<Row> rows = [];
    int failed = 0;
    foreach (Case one in cases)
    {
        Console.Error.WriteLine($"[{rows.Count + failed + 1}/{cases.Length}] {one.Name}");
        try
        {
            rows.Add(await one.Measure(cancellation));
        }
        catch (Exception failure) when (failure is not OperationCanceledException)
        {
            failed++;
            Console.Error.WriteLine($"    failed: {failure.Message}");
        }
    }

    RowTable.Print(rows, Console.Out);
    if (json is not null)
    {
        await using FileStream file = json.Create();
        await JsonSerializer.SerializeAsync(file, rows, RowJson.Default.IReadOnlyListRow, cancellation);
    }

    if (failed > 0)
    {
        Console.Error.WriteLine($"{failed} of {cases.Length} cases could not be measured.");
    }

    return failed > 0 || cases.Length == 0 ? 1 : 0;
}
