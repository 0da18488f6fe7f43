using System.Collections.Immutable;
using System.Globalization;
using System.Net;
using Weir.Applier.Bench;
using Weir.Applier.Libbpf;
using Weir.Compiler.Topologies;

namespace Weir.Benchmarks;

/// <summary>Nanoseconds per packet, beside the floor in the same rounds.</summary>
internal static class PacketCases
{
    private const int Rounds = 90;

    /// <summary>A pool as most are: 4,096 slots, a byte each.</summary>
    private const int BackendsPerPool = 16;

    private const double FloorGoal = 1.5;
    private const double ConnectionIdGoal = 15;

    private static readonly long[] s_flows = [1, 1 << 16, 1 << 20, Traffic.AllNew];

    public static IEnumerable<Case> All(Workbench bench)
    {
        foreach (long flows in s_flows)
        {
            yield return new($"floor, IPv4 TCP, {Flows(flows)}", cancellation => Task.Run(() => MeasureFloor(bench, flows, cancellation), cancellation));
        }

        foreach (bool ipv6 in (bool[])[false, true])
        {
            foreach (TransportProtocol protocol in (TransportProtocol[])[TransportProtocol.Tcp, TransportProtocol.Udp])
            {
                foreach (long flows in s_flows)
                {
                    yield return Ours(bench, Topology(ipv6, 1), protocol, flows);
                }
            }

            foreach (long flows in s_flows)
            {
                yield return Quic(bench, Topology(ipv6, 1) with { Quic = true }, flows);
            }

            foreach (int vips in (int[])[16, 256, 4096])
            {
                foreach (long flows in s_flows)
                {
                    yield return Ours(bench, Topology(ipv6, vips), TransportProtocol.Tcp, flows);
                }
            }

            foreach (int vips in (int[])[1, 16, 256, 4096])
            {
                yield return Foreign(bench, Topology(ipv6, vips), near: true);
                yield return Foreign(bench, Topology(ipv6, vips), near: false);
            }
        }
    }

    /// <summary>VIPs share at most eight pools.</summary>
    public static BenchTopology Topology(bool ipv6, int vips)
    {
        int pools = Math.Min(8, vips);
        return new(ipv6, vips, pools, pools * BackendsPerPool);
    }

    private static Case Ours(Workbench bench, BenchTopology topology, TransportProtocol protocol, long flows)
    {
        string name = $"{Family(topology)} {protocol.ToString().ToUpperInvariant()}, {Vips(topology)}, {Flows(flows)}";
        bool plain = !topology.IPv6 && protocol == TransportProtocol.Tcp;
        return new(name, async cancellation =>
        {
            LoadedProgram loaded = await bench.LoadAsync(topology, cancellation);
            Traffic traffic = new(protocol, [.. topology.Destinations], flows);
            Row row = Measure(bench, name, loaded.Program, traffic, encapsulates: true, cancellation);
            return plain && topology.Vips == 1 ? row with { GoalRatio = FloorGoal }
                : plain && topology.Vips == 256 ? row with { GoalNs = 60 }
                : row;
        });
    }

    /// <summary>Connection ids in plaintext, beside UDP on the same VIP and pool without them: at most 15 ns more.</summary>
    private static Case Quic(Workbench bench, BenchTopology topology, long flows)
    {
        string name = $"{Family(topology)} QUIC by connection id, {Vips(topology)}, {Flows(flows)}";
        return new(name, async cancellation =>
        {
            Traffic traffic = new(TransportProtocol.Udp, [.. topology.Destinations], flows);
            LoadedProgram plain = await bench.LoadAsync(topology with { Quic = false }, cancellation);
            double? udp = Measure(bench, name, plain.Program, traffic, encapsulates: true, cancellation).Ns;
            LoadedProgram loaded = await bench.LoadAsync(topology, cancellation);
            return Measure(bench, name, loaded.Program, traffic, encapsulates: true, cancellation) with { GoalNs = udp + ConnectionIdGoal };
        });
    }

    /// <param name="near">To addresses beside the VIPs', which no test of a common prefix tells apart; else to any.</param>
    private static Case Foreign(Workbench bench, BenchTopology topology, bool near)
    {
        string name = $"{Family(topology)} TCP for no VIP, {(near ? "beside" : "far from")} {Vips(topology)}";
        return new(name, async cancellation =>
        {
            LoadedProgram loaded = await bench.LoadAsync(topology, cancellation);
            ImmutableArray<IPEndPoint> destinations = [.. near ? topology.Neighbours : topology.Strangers];
            Traffic traffic = new(TransportProtocol.Tcp, destinations, 1 << 16);
            return Measure(bench, name, loaded.Program, traffic, encapsulates: false, cancellation) with { GoalNs = 10 };
        });
    }

    private static Row MeasureFloor(Workbench bench, long flows, CancellationToken cancellation)
    {
        using BpfProgram floor = FloorProgram.Load(bench.Floor);
        BpfProgramInfo info = floor.Info;
        using Harness harness = Harness.Load(bench.Harness, new Traffic(TransportProtocol.Tcp, [FloorProgram.Vip], flows), 20);
        double ns = BoundThread.Run(() => Measurement.Net([new Lane(harness, floor, Encapsulates: true)], Rounds, cancellation))[0];
        return new($"floor, IPv4 TCP, {Flows(flows)}", ns, 1, Instructions: info.Instructions, JitedBytes: info.JitedBytes, Verified: info.VerifiedInstructions);
    }

    private static Row Measure(Workbench bench, string name, BpfProgram program, Traffic traffic, bool encapsulates, CancellationToken cancellation)
    {
        (double ns, double ratio) = new SiteBench(bench.Harness, bench.Floor).Measure(program, traffic, encapsulates, Rounds, cancellation: cancellation);
        return new Row(name, ns, ratio);
    }

    private static string Family(BenchTopology topology) => topology.IPv6 ? "IPv6" : "IPv4";

    private static string Vips(BenchTopology topology) => string.Create(
        CultureInfo.InvariantCulture,
        $"{topology.Vips:#,0} {(topology.Vips == 1 ? "VIP" : "VIPs")}{(topology.Pools == 1 ? "" : $" on {topology.Pools} pools")}");

    /// <summary>How many, as rows say it.</summary>
    internal static string Flows(long flows) => flows switch
    {
        1 => "1 flow",
        1 << 16 => "64 k flows",
        1 << 20 => "1 M flows",
        _ => "all new flows",
    };
}
