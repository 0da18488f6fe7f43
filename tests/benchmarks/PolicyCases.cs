using System.Collections.Immutable;
using System.Globalization;
using System.Net;
using Weir.Applier.Bench;
using Weir.Applier.Keys;
using Weir.Compiler.Lowering;
using Weir.Compiler.Planning;
using Weir.Compiler.Topologies;

namespace Weir.Benchmarks;

/// <summary>What source lists and routes cost, by their length, and what it costs to decrypt connection ids: one VIP, IP in IP.</summary>
internal static class PolicyCases
{
    private const int Rounds = 60;

    public static IEnumerable<Case> All(Workbench bench)
    {
        foreach (bool ipv6 in (bool[])[false, true])
        {
            foreach (int prefixes in (int[])[4, SourceLists.MostPrefixes])
            {
                foreach (long flows in FeatureCases.Flows)
                {
                    ImmutableArray<IPNetwork> some = Prefixes(ipv6, prefixes);
                    yield return Of(bench, ipv6, string.Create(CultureInfo.InvariantCulture, $"{prefixes:#,0} denied sources"), TransportProtocol.Tcp, flows, Of(vip => vip with { Sources = new SourceLists([], some) }));
                    yield return Of(bench, ipv6, string.Create(CultureInfo.InvariantCulture, $"{prefixes:#,0} routes"), TransportProtocol.Tcp, flows, Of(vip => vip with { Routes = [.. some.Select(source => (source, 0))] }));
                }
            }

            yield return Encrypted(bench, ipv6, "four passes", 6);
        }

        // Over IPv6 the datagrams of the benchmark have no room for it.
        yield return Encrypted(bench, ipv6: false, "one pass", 14);
    }

    /// <summary>Ids of zeros, which decrypt to servers that are not there: the hash decides, after everything else was done.</summary>
    private static Case Encrypted(Workbench bench, bool ipv6, string passes, int nonce) =>
        Of(bench, ipv6, $"QUIC, encrypted in {passes}", TransportProtocol.Udp, 1, plan => plan with
        {
            Pools = [.. plan.Pools.Select(pool => pool with { Quic = new QuicRouting(QuicScheme.QuicLb, [new QuicConfig(0, 2, nonce, "bench.key")]) })],
        });

    private static Func<SitePlan, SitePlan> Of(Func<VipPlan, VipPlan> change) => plan => plan with { Vips = [.. plan.Vips.Select(change)] };

    private static Case Of(Workbench bench, bool ipv6, string what, TransportProtocol protocol, long flows, Func<SitePlan, SitePlan> change)
    {
        string name = $"{(ipv6 ? "IPv6" : "IPv4")}, {what}, {PacketCases.Flows(flows)}";
        return new(name, async cancellation =>
        {
            BenchTopology topology = PacketCases.Topology(ipv6, 1) with { Quic = protocol == TransportProtocol.Udp };
            DataPlane plane = SiteLowering.Lower(change(TopologyOf.DataPlane(topology).Plan));
            using HostKeys keys = new(KeyFiles.Of(plane.Plan).Select(file => (file, new byte[16])));
            using LoadedProgram loaded = await LoadedProgram.LoadAsync(plane, bench.Builder, cancellation, keys);
            (double ns, double ratio) = new SiteBench(bench.Harness, bench.Floor).Measure(loaded.Program, new Traffic(protocol, [.. topology.Destinations], flows), encapsulates: true, Rounds, cancellation: cancellation);
            return new Row(name, ns, ratio);
        });
    }

    /// <summary>Every second /24 of 10.0.0.0/8, or /48 of 2001::/16: nobody sends from them.</summary>
    private static ImmutableArray<IPNetwork> Prefixes(bool ipv6, int count) =>
    [
        .. Enumerable.Range(0, count).Select(i => ipv6
            ? new IPNetwork(IPAddress.Parse(string.Create(CultureInfo.InvariantCulture, $"2001:db8:{2 * i:x}::")), 48)
            : new IPNetwork(new IPAddress((byte[])[10, (byte)(i >> 7), (byte)(2 * i), 0]), 24)),
    ];
}
