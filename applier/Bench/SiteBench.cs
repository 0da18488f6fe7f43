using System.Collections.Immutable;
using System.Net;
using System.Net.Sockets;
using Weir.Applier.Libbpf;
using Weir.Compiler.Planning;
using Weir.Compiler.Topologies;

namespace Weir.Applier.Bench;

/// <param name="Case">As people read it.</param>
/// <param name="Ns">Per packet, net of the harness.</param>
/// <param name="Ratio">To the floor program in the same rounds.</param>
public sealed record BenchFigure(string Case, double Ns, double Ratio);

/// <summary>What a site's program costs per packet on this host: traffic for every VIP that has backends, and for none.</summary>
/// <param name="harness">The object of the reset program.</param>
/// <param name="floor">The object of the floor program.</param>
/// <param name="fragments">The object of the reset program for an <c>xdp.frags</c> program under test; null where it is none.</param>
public sealed class SiteBench(byte[] harness, byte[] floor, byte[]? fragments = null)
{
    private const int Rounds = 90;
    private const int Placements = 3;
    private const int OuterV4 = 20;

    /// <summary>The traffics that make sense for a plan: each family and protocol that has a VIP, by number of flows, and packets for no VIP.</summary>
    public static ImmutableArray<(string Name, Traffic Traffic, bool Encapsulates)> Cases(SitePlan plan)
    {
        ArgumentNullException.ThrowIfNull(plan);
        ImmutableArray<(string, Traffic, bool)>.Builder cases = ImmutableArray.CreateBuilder<(string, Traffic, bool)>();
        foreach (AddressFamily family in (AddressFamily[])[AddressFamily.InterNetwork, AddressFamily.InterNetworkV6])
        {
            string name = family == AddressFamily.InterNetwork ? "IPv4" : "IPv6";
            foreach (TransportProtocol protocol in (TransportProtocol[])[TransportProtocol.Tcp, TransportProtocol.Udp])
            {
                ImmutableArray<IPEndPoint> served = [.. Served(plan, family, protocol).Take(Traffic.MaxDestinations)];
                if (!served.IsEmpty)
                {
                    foreach ((string flows, long count) in ((string, long)[])[("1 flow", 1), ("64 k flows", 1 << 16), ("1 M flows", 1 << 20), ("all new flows", Traffic.AllNew)])
                    {
                        cases.Add(($"{name} {protocol.ToString().ToUpperInvariant()}, {flows}", new Traffic(protocol, served, count), true));
                    }
                }
            }

            if (plan.Vips.Any(vip => vip.SampleAddresses.Any(address => address.AddressFamily == family)))
            {
                cases.Add(($"{name}, no VIP", new Traffic(TransportProtocol.Tcp, [.. Strangers(plan, family)], 1 << 16), false));
            }
        }

        return cases.ToImmutable();
    }

    /// <summary>Measures an instance that sees no other traffic.</summary>
    /// <param name="shadow">Filled, with known next hops.</param>
    /// <exception cref="BpfException">The kernel refused the harness.</exception>
    public IEnumerable<BenchFigure> Measure(BpfProgram shadow, SitePlan plan, CancellationToken cancellation = default)
    {
        foreach ((string name, Traffic traffic, bool encapsulates) in Cases(plan))
        {
            (double ns, double ratio) = Measure(shadow, traffic, encapsulates, Rounds, cancellation: cancellation);
            yield return new BenchFigure(name, ns, ratio);
        }
    }

    /// <summary>Measures one traffic, the floor with as many flows beside it. Where the kernel puts a program's code is worth a nanosecond, so harness
    /// and floor are loaded anew several times and the figures are medians over that.</summary>
    public (double Ns, double Ratio) Measure(BpfProgram program, Traffic traffic, bool encapsulates, int rounds, bool inPlace = false, CancellationToken cancellation = default)
    {
        (double Ns, double Floor)[] placements = [.. Enumerable.Range(0, Placements).Select(_ =>
        {
            using BpfProgram reference = FloorProgram.Load(floor);
            using Harness under = Harness.Load(fragments ?? harness, traffic, traffic.IsIPv6 ? 2 * OuterV4 : OuterV4);
            using Harness beside = Harness.Load(harness, new Traffic(TransportProtocol.Tcp, [FloorProgram.Vip], traffic.Flows), OuterV4);
            Lane[] lanes = [new(beside, reference, Encapsulates: true), new(under, program, encapsulates, inPlace)];
            ImmutableArray<double> net = BoundThread.Run(() => Measurement.Net(lanes, rounds / Placements, cancellation));
            return (net[1], net[0]);
        })];
        return (Median(placements.Select(one => one.Ns)), Median(placements.Select(one => one.Ns / one.Floor)));
    }

    private static double Median(IEnumerable<double> values) => values.Order().ElementAt(Placements / 2);

    private static IEnumerable<IPEndPoint> Served(SitePlan plan, AddressFamily family, TransportProtocol protocol) =>
        from vip in plan.Vips
        where plan.Pools[vip.Pool].Ring.All(slot => slot != PoolPlan.NoBackend)
        from address in vip.SampleAddresses
        where address.AddressFamily == family
        from ports in vip.Ports.Where(ports => ports.Protocol == protocol).Take(1)
        select new IPEndPoint(address, ports.First);

    /// <summary>Addresses beside the VIPs', so that a common prefix does not tell them apart.</summary>
    private static IEnumerable<IPEndPoint> Strangers(SitePlan plan, AddressFamily family)
    {
        HashSet<IPAddress> vips = [.. plan.Vips.SelectMany(vip => vip.SampleAddresses).Where(address => address.AddressFamily == family)];
        byte[] bytes = vips.First().GetAddressBytes();
        byte block = bytes[^2];
        for (int n = 0; n < 1024; n++)
        {
            bytes[^2] = (byte)(block ^ (n >> 8));
            bytes[^1] = (byte)n;
            IPAddress address = new(bytes);
            if (!vips.Contains(address))
            {
                yield return new IPEndPoint(address, 80);
            }
        }
    }
}
