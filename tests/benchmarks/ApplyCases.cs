using System.Diagnostics;
using System.Text.RegularExpressions;
using Weir.Applier.Apply;
using Weir.Applier.Generations;

namespace Weir.Benchmarks;

/// <summary>A population-only change brought onto an interface: the quickstart's topology, one backend's weight changed to and fro.</summary>
internal static partial class ApplyCases
{
    private const int Runs = 9;

    public static IEnumerable<Case> All(Workbench bench)
    {
        yield return Alternate(bench, "weir-applier apply, population only, whole command", 0.4, async (lab, bundle, cancellation) =>
            await Workbench.RunAsync(Workbench.Tool("weir-applier"), lab.Arguments(bundle), cancellation));
        yield return Alternate(bench, "population-only apply in a running process", 0.1, (lab, bundle, cancellation) =>
        {
            long began = Stopwatch.GetTimestamp();
            ApplyOutcome outcome = new ApplySession(lab.Paths).Apply(new ApplyRequest(bundle, ApplyLab.Interface), cancellation);
            TimeSpan took = Stopwatch.GetElapsedTime(began);
            return outcome.Change == ChangeKind.Population
                ? Task.FromResult(took)
                : throw new InvalidOperationException($"Another weight was no population change: {outcome.Reason}.");
        });
    }

    private static Case Alternate(Workbench bench, string name, double goalSeconds, Func<ApplyLab, string, CancellationToken, Task<TimeSpan>> apply) => new(name, async cancellation =>
    {
        string[] bundles = [await BuildAsync(bench, 50, cancellation), await BuildAsync(bench, 60, cancellation)];
        using ApplyLab lab = await ApplyLab.OpenAsync(bench.NewFolder(), cancellation);

        // The first is a new program; the second warms up.
        List<double> times = [];
        await Workbench.RunAsync(Workbench.Tool("weir-applier"), lab.Arguments(bundles[0]), cancellation);
        await apply(lab, bundles[1], cancellation);
        for (int run = 0; run < Runs; run++)
        {
            times.Add((await apply(lab, bundles[run % 2], cancellation)).TotalNanoseconds);
        }

        return new Row(name, times.Order().ElementAt(Runs / 2), GoalNs: goalSeconds * 1e9);
    });

    private static async Task<string> BuildAsync(Workbench bench, int weight, CancellationToken cancellation)
    {
        string topology = bench.NewFolder(), bundle = bench.NewFolder();
        foreach (string file in Directory.EnumerateFiles(Quickstart.Folder, "*.yaml"))
        {
            string text = await File.ReadAllTextAsync(file, cancellation);
            text = NextHop().Replace(text, $"nextHop: {{ mac: \"{BenchTopology.NextHop}\" }}");
            text = Weight().Replace(text, $"weight: {weight}", 1);
            await File.WriteAllTextAsync(Path.Combine(topology, Path.GetFileName(file)), text, cancellation);
        }

        await Workbench.RunAsync(Workbench.Tool("weir"), ["build", topology, "--site", Quickstart.Site, "-o", bundle], cancellation);
        return bundle;
    }

    [GeneratedRegex("nextHop: .*")]
    private static partial Regex NextHop();

    [GeneratedRegex("weight: [0-9]+")]
    private static partial Regex Weight();
}
