using System.Globalization;
using Weir.Applier.Libbpf;

namespace Weir.Benchmarks;

/// <summary>What programs weigh.</summary>
internal static class ObjectCases
{
    private const int Loads = 5;

    public static IEnumerable<Case> All(Workbench bench)
    {
        yield return Weigh("object, quickstart", cancellation => bench.LoadAsync(Quickstart.Folder, Quickstart.Site, cancellation), goalBytes: 6 * 1024);
        foreach (bool ipv6 in (bool[])[false, true])
        {
            foreach (int vips in (int[])[1, 16, 256, 4096])
            {
                BenchTopology topology = PacketCases.Topology(ipv6, vips);
                string name = string.Create(CultureInfo.InvariantCulture, $"object, {(ipv6 ? "IPv6" : "IPv4")}, {vips:#,0} {(vips == 1 ? "VIP" : "VIPs")}");
                yield return Weigh(name, cancellation => bench.LoadAsync(topology, cancellation), goalBytes: null);
            }
        }
    }

    private static Case Weigh(string name, Func<CancellationToken, Task<LoadedProgram>> load, long? goalBytes) => new(name, async cancellation =>
    {
        LoadedProgram loaded = await load(cancellation);
        double[] loads = [.. Enumerable.Range(0, Loads).Select(_ => loaded.LoadAgain().TotalNanoseconds).Order()];
        BpfProgramInfo info = loaded.Program.Info;
        return new Row(
            name,
            Instructions: info.Instructions,
            JitedBytes: info.JitedBytes,
            GoalBytes: goalBytes,
            Verified: info.VerifiedInstructions,
            LoadNs: loads[Loads / 2],
            MapBytes: loaded.MapBytes);
    });
}
