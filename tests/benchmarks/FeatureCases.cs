using System.Buffers.Binary;
using System.Collections.Immutable;
using Weir.Applier.Bench;
using Weir.Compiler.Lowering;
using Weir.Compiler.Planning;
using Weir.Compiler.Topologies;
using Weir.Testing.Plans;

namespace Weir.Benchmarks;

/// <summary>What encapsulations, hash policies and fragments cost beside IP in IP by the five-tuple: one VIP, TCP.</summary>
internal static class FeatureCases
{
    private const int Rounds = 60;

    /// <summary>More than IP in IP, without a checksum.</summary>
    private const double EncapsulationGoal = 15;

    public static ImmutableArray<long> Flows { get; } = [1, 1 << 16, 1 << 20];

    public static IEnumerable<Case> All(Workbench bench)
    {
        foreach (bool ipv6 in (bool[])[false, true])
        {
            foreach ((string name, (EncapsulationType type, EncapsulationOptions options)) in TunnelPlans.Cases)
            {
                foreach (long flows in Flows)
                {
                    yield return Of(bench, ipv6, name, flows, new EncapsulationPlan(type, null, null) { Options = options }.HasChecksum(ipv6) ? null : EncapsulationGoal, plan => With(plan, plan.Encapsulations[0] with { Type = type, Options = options }));
                }
            }

            foreach (long flows in Flows)
            {
                yield return Of(bench, ipv6, "l2", flows, null, plan => With(plan, new EncapsulationPlan(EncapsulationType.L2, null, null)), inPlace: true);
                yield return Of(bench, ipv6, "local", flows, null, plan => With(plan, new EncapsulationPlan(EncapsulationType.Local, null, null)), passes: true);
                yield return Of(bench, ipv6, "hash: source", flows, null, plan => With(plan, HashPolicy.FiveTuple with { Protocol = false, Destination = false, SourcePort = false, DestinationPort = false }));
                yield return Of(bench, ipv6, "fragments: follow", flows, null, plan => plan with { Vips = [.. plan.Vips.Select(v => v with { Fragments = FragmentPolicy.Follow })] });
            }
        }
    }

    private static Case Of(Workbench bench, bool ipv6, string feature, long flows, double? goal, Func<SitePlan, SitePlan> change, bool inPlace = false, bool passes = false)
    {
        string name = $"{(ipv6 ? "IPv6" : "IPv4")}, {feature}, {PacketCases.Flows(flows)}";
        return new(name, async cancellation =>
        {
            BenchTopology topology = PacketCases.Topology(ipv6, 1);
            Traffic traffic = new(TransportProtocol.Tcp, [.. topology.Destinations], flows);
            SiteBench site = new(bench.Harness, bench.Floor);
            LoadedProgram plain = await bench.LoadAsync(topology, cancellation);
            (double ipip, _) = site.Measure(plain.Program, traffic, encapsulates: true, Rounds, cancellation: cancellation);
            DataPlane plane = SiteLowering.Lower(change(TopologyOf.DataPlane(topology).Plan));
            using LoadedProgram loaded = await LoadedProgram.LoadAsync(plane, bench.Builder, cancellation, runtime: plane.HasLinks ? [(".data.link", Links(plane))] : []);
            (double ns, double ratio) = site.Measure(loaded.Program, traffic, encapsulates: !inPlace && !passes, Rounds, inPlace, cancellation);
            return new Row(name, ns, ratio, GoalNs: ipip + goal);
        });
    }

    private static SitePlan With(SitePlan plan, EncapsulationPlan encapsulation) => plan with { Encapsulations = [encapsulation] };

    private static SitePlan With(SitePlan plan, HashPolicy hash) => plan with { Vips = [.. plan.Vips.Select(v => v with { Hash = hash })] };

    /// <summary>Every backend has the same MAC.</summary>
    private static byte[] Links(DataPlane plane)
    {
        byte[] links = new byte[plane.Sizes.Backends * sizeof(ulong)];
        for (int row = 0; row < plane.Sizes.Backends; row++)
        {
            BinaryPrimitives.WriteUInt64LittleEndian(links.AsSpan(row * sizeof(ulong)), (1UL << 48) | 0x020000000002);
        }

        return links;
    }
}
