using System.Diagnostics;
using System.Globalization;
using System.Numerics;
using Weir.Compiler.Rings;
using Weir.Compiler.Topologies;

namespace Weir.Benchmarks;

/// <summary>What it takes to compile a ring: its time, and backends times slots per second.</summary>
internal static class RingCases
{
    private const int Runs = 9;

    public static IEnumerable<Case> All()
    {
        foreach ((int backends, int slots) in ((int, int)[])[(16, 4096), (100, 32_768), (1000, 65_536)])
        {
            foreach (RingAlgorithm algorithm in (RingAlgorithm[])[RingAlgorithm.Maglev, RingAlgorithm.Rendezvous])
            {
                yield return Build(algorithm, backends, slots, even: true);
                yield return Build(algorithm, backends, slots, even: false);
            }
        }
    }

    private static Case Build(RingAlgorithm algorithm, int backends, int slots, bool even)
    {
        string name = string.Create(CultureInfo.InvariantCulture, $"{(algorithm == RingAlgorithm.Maglev ? "Maglev" : "Rendezvous")} ring, {backends:#,0} backends x {slots:#,0} slots, {(even ? "equal weights" : "weights 1 to 100")}");
        return new(name, cancellation =>
        {
            RingMember[] members = [.. Enumerable.Range(0, backends)
                .Select(i => new RingMember((ulong)(i + 1) * 0x9e3779b97f4a7c15, even ? 100 : 1 + i * 37 % 100))
                .OrderBy(member => member.Identity)];
            IRingAlgorithm rings = RingAlgorithms.Of(algorithm);
            int bits = BitOperations.Log2((uint)slots);
            rings.Build(members, bits);
            List<double> times = [];
            for (int run = 0; run < Runs; run++)
            {
                cancellation.ThrowIfCancellationRequested();
                long began = Stopwatch.GetTimestamp();
                rings.Build(members, bits);
                times.Add(Stopwatch.GetElapsedTime(began).TotalNanoseconds);
            }

            double median = times.Order().ElementAt(Runs / 2);
            return Task.FromResult(new Row(name, median, PerSecond: (double)backends * slots / median * 1e9));
        });
    }
}
