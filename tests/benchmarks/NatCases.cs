using System.Buffers.Binary;
using System.Collections.Immutable;
using System.Globalization;
using System.Net;
using Weir.Applier.Apply;
using Weir.Applier.Bench;
using Weir.Compiler.Lowering;
using Weir.Compiler.Planning;
using Weir.Compiler.Topologies;

namespace Weir.Benchmarks;

/// <summary>NAT within a family, settled connections, each way: at most four times the floor.</summary>
internal static class NatCases
{
    private const int Rounds = 60;

    private const double FloorGoal = 4;

    private const int ReplyFlows = 4096;

    /// <summary>131,072 connections.</summary>
    private static readonly HostNatSources s_sources = new("lb1", IPNetwork.Parse("10.99.0.0/30"), IPNetwork.Parse("2001:db8:99::/126"));

    /// <summary>2,097,152, for a million flows.</summary>
    private static readonly HostNatSources s_many = new("lb1", IPNetwork.Parse("10.99.0.0/26"), IPNetwork.Parse("2001:db8:99::/122"));

    public static IEnumerable<Case> All(Workbench bench)
    {
        foreach (bool ipv6 in (bool[])[false, true])
        {
            foreach (long flows in (long[])[1, 1 << 16, 1 << 20])
            {
                Traffic traffic = new(TransportProtocol.Tcp, [.. PacketCases.Topology(ipv6, 1).Destinations], flows);
                yield return Of(bench, ipv6, $"to backends, {PacketCases.Flows(flows)}", traffic, _ => null);
            }

            foreach (int flows in (int[])[1, ReplyFlows])
            {
                IPAddress source = (ipv6 ? s_sources.V6 : s_sources.V4)!.Value.BaseAddress;
                ImmutableArray<IPEndPoint> ports = [.. Enumerable.Range(0, flows).Select(flow => new IPEndPoint(source, 32768 + flow))];
                yield return Of(bench, ipv6, string.Create(CultureInfo.InvariantCulture, $"to clients, {flows:#,0} {(flows == 1 ? "flow" : "flows")}"), new Traffic(TransportProtocol.Tcp, ports, flows), plane => Connections(plane, ipv6, flows));
            }
        }
    }

    private static Case Of(Workbench bench, bool ipv6, string what, Traffic traffic, Func<DataPlane, byte[]?> connections)
    {
        string name = $"{(ipv6 ? "IPv6" : "IPv4")}, nat {what}";
        HostNatSources sources = traffic.Flows > 1 << 16 ? s_many : s_sources;
        return new(name, async cancellation =>
        {
            SitePlan plan = TopologyOf.DataPlane(PacketCases.Topology(ipv6, 1)).Plan;
            DataPlane plane = SiteLowering.Lower(plan with { Encapsulations = [new EncapsulationPlan(EncapsulationType.Nat, null, null)], NatSources = [sources] });
            (string, byte[])[] runtime = [(NatData.Section, NatData.Bytes(sources)), .. connections(plane) is { } rows ? new[] { (NatRows.Section, rows) } : []];
            using LoadedProgram loaded = await LoadedProgram.LoadAsync(plane, bench.Builder, cancellation, runtime: runtime);
            (double ns, double ratio) = new SiteBench(bench.Harness, bench.Floor).Measure(loaded.Program, traffic, encapsulates: false, Rounds, inPlace: true, cancellation);
            return new Row(name, ns, ratio) { GoalRatio = FloorGoal };
        });
    }

    /// <summary>Rows whose backends are the sources of the traffic: 100.64.0.0 and upwards, port 1024.</summary>
    private static byte[] Connections(DataPlane plane, bool ipv6, int flows)
    {
        const uint Turn = 16, BackendV6 = 8, ClientV6 = 4, Settled = 3, FirstSource = 0x64400000;
        byte[] rows = new byte[plane.Sizes.Nat * NatData.RowBytes];
        for (int flow = 0; flow < flows; flow++)
        {
            Span<byte> row = rows.AsSpan(flow * NatData.RowBytes, NatData.RowBytes);
            BinaryPrimitives.WriteUInt32LittleEndian(row, Turn | (ipv6 ? BackendV6 | ClientV6 : 0));
            BinaryPrimitives.WriteUInt32LittleEndian(row[4..], Settled);
            (ipv6 ? IPAddress.Parse("2001:db8:c::1") : IPAddress.Parse("198.51.100.7")).TryWriteBytes(row[8..], out _);
            (ipv6 ? IPAddress.Parse("2001:2::1") : IPAddress.Parse("198.18.0.1")).TryWriteBytes(row[24..], out _);
            BinaryPrimitives.WriteUInt32BigEndian(row[(ipv6 ? 52 : 40)..], FirstSource + (uint)flow);
            BinaryPrimitives.WriteUInt16BigEndian(row[56..], 40_000);
            BinaryPrimitives.WriteUInt16BigEndian(row[58..], 80);
            BinaryPrimitives.WriteUInt16BigEndian(row[60..], 1024);
        }

        return rows;
    }
}
