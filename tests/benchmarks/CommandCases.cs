namespace Weir.Benchmarks;

/// <summary>Whole commands, each in a process of its own, from start to exit.</summary>
internal static class CommandCases
{
    private const int Runs = 7;

    public static IEnumerable<Case> All(Workbench bench)
    {
        yield return Command("weir validate, quickstart", () => ["validate", Quickstart.Folder], goalSeconds: 0.45);
        yield return Command("weir build, quickstart", () => ["build", Quickstart.Folder, "--site", Quickstart.Site, "-o", bench.NewFolder()], goalSeconds: 0.5);
        string? large = null;
        yield return Command(
            "weir build, 1,000 VIPs and 10,000 backends",
            () => ["build", large ??= new BenchTopology(IPv6: false, Vips: 1000, Pools: 100, Backends: 10_000).Write(bench.NewFolder()), "--site", BenchTopology.Site, "-o", bench.NewFolder()],
            goalSeconds: 2);
    }

    private static Case Command(string name, Func<IReadOnlyList<string>> arguments, double goalSeconds) => new(name, async cancellation =>
    {
        List<double> times = [];
        for (int run = 0; run < Runs; run++)
        {
            times.Add((await Workbench.RunAsync(Workbench.Tool("weir"), arguments(), cancellation)).TotalNanoseconds);
        }

        return new Row(name, times.Order().ElementAt(Runs / 2), GoalNs: goalSeconds * 1e9);
    });
}
