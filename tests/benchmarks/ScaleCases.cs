using System.Globalization;
using Weir.Cli;

namespace Weir.Benchmarks;

/// <summary>How validate and plan grow with the topology: 100, 1,000 and 10,000 VIPs, ten times as many backends, ten VIPs a pool.
/// Time and peak memory are of the whole command, cold; allocations of a second run inside this process.</summary>
internal static class ScaleCases
{
    private const int Runs = 3;

    private static readonly int[] Sizes = [100, 1_000, 10_000];

    public static IEnumerable<Case> All(Workbench bench)
    {
        Dictionary<int, Task<ScaleRepository>> made = [];
        Task<ScaleRepository> Repository(int vips, CancellationToken cancellation) => made.TryGetValue(vips, out Task<ScaleRepository>? known)
            ? known
            : made[vips] = ScaleRepository.CreateAsync(bench.NewFolder(), new BenchTopology(IPv6: false, vips, vips / 10, vips * 10), cancellation);

        return
        [
            .. Growing("weir validate", folder => ["validate", folder], _ => null),
            .. Growing("weir plan of a day's change", folder => ["plan", folder, "--base", ScaleRepository.Base, "--head", ScaleRepository.Head], vips => vips == 1_000 ? 3 : null),
            .. Growing("weir plan of identical trees", folder => ["plan", folder, "--base", ScaleRepository.Head, "--head", ScaleRepository.Head], vips => vips == 1_000 ? 1 : null),
        ];

        IEnumerable<Case> Growing(string command, Func<string, string[]> arguments, Func<int, double?> goalSeconds)
        {
            (int Vips, double Ns)? before = null;
            return Sizes.Select(vips =>
            {
                string name = string.Create(CultureInfo.InvariantCulture, $"{command}, {vips:#,0} VIPs and {vips * 10:#,0} backends");
                return new Case(name, async cancellation =>
                {
                    string[] line = arguments((await Repository(vips, cancellation)).Folder);
                    List<(double Ns, long Peak)> runs = [];
                    for (int run = 0; run < Runs; run++)
                    {
                        runs.Add(await MeasuredProcess.RunAsync(Workbench.Tool("weir"), line, cancellation));
                    }

                    (double ns, long peak) = runs.Order().ElementAt(Runs / 2);
                    double? growth = before is { } smaller ? ns / smaller.Ns * smaller.Vips / vips : null;
                    before = (vips, ns);
                    return new Row(name, ns, GoalNs: goalSeconds(vips) * 1e9, AllocatedBytes: await AllocatedAsync(line, cancellation), PeakBytes: peak, Growth: growth);
                });
            });
        }
    }

    private static async Task<long> AllocatedAsync(string[] line, CancellationToken cancellation)
    {
        Terminal nowhere = new(TextWriter.Null, TextWriter.Null, false, false);
        await WeirCommand.RunAsync(line, nowhere, cancellation);
        long before = GC.GetTotalAllocatedBytes(precise: true);
        await WeirCommand.RunAsync(line, nowhere, cancellation);
        return GC.GetTotalAllocatedBytes(precise: true) - before;
    }
}
