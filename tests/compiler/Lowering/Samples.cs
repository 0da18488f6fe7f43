using System.Collections.Immutable;
using System.Net;
using Weir.Compiler.Diagnostics;
using Weir.Compiler.Lowering;
using Weir.Compiler.Planning;
using Weir.Compiler.Topologies;

namespace Weir.Compiler.Tests.Lowering;

/// <summary>Checked topologies, made without YAML.</summary>
internal static class Samples
{
    public static Topology Topology(int vips, int pools = 1, int backends = 3, bool ipv6 = true, bool backends6 = false, int capacity = 32, params string[] ports)
    {
        SourceSpan none = SourceSpan.None;
        ImmutableArray<PortRange> served = ports.Length == 0 ? [new PortRange(TransportProtocol.Tcp, 80, 80), new PortRange(TransportProtocol.Tcp, 443, 443)] : [.. ports.Select(Port)];
        return new Topology
        {
            Seed = "samples",
            Sites =
            [
                new Site("ams1", none)
                {
                    Hosts = [new Host("lb1", "eth0", none)],
                    Encapsulation = new Encapsulation(EncapsulationType.Ipip, new OuterSource(IPAddress.Parse("10.10.0.0"), 24), new OuterSource(IPAddress.Parse("fd00:10::1"), 128), none),
                    NextHopV4 = new NextHop(IPAddress.Parse("10.0.0.254"), null),
                    NextHopV6 = new NextHop(IPAddress.Parse("fd00::fe"), null),
                    Mtu = 1500,
                    Unmatched = Unmatched.Pass,
                },
            ],
            Pools =
            [.. Enumerable.Range(0, pools).Select(p => new Pool($"pool-{p:000}", none)
            {
                Capacity = capacity,
                Backends = [.. Enumerable.Range(0, backends).Select(b => new Backend($"b-{b:0000}", BackendAddress(p, b, backends6 && b % 2 == 1), b == 2 ? 50 : 100, BackendState.Active, none))],
            })],
            Vips =
            [.. Enumerable.Range(0, vips).Select(v => new Vip($"vip-{v:0000}", none)
            {
                Addresses = ipv6 ? [VipAddress(v), IPAddress.Parse($"2001:db8::{(v + 1) >> 16:x}:{(v + 1) & 0xffff:x}")] : [VipAddress(v)],
                Ports = served,
                Pool = $"pool-{v % pools:000}",
                Sites = ["ams1"],
            })],
        };
    }

    public static SitePlan Plan(Topology topology) => SitePlanner.Plan(topology, "ams1").Plan ?? throw new InvalidOperationException("No plan.");

    public static DataPlane Lower(Topology topology) => SiteLowering.Lower(Plan(topology));

    private static IPAddress VipAddress(int vip) => new([203, (byte)(vip >> 16), (byte)(113 + (vip >> 8)), (byte)vip]);

    private static IPAddress BackendAddress(int pool, int backend, bool v6) =>
        v6 ? IPAddress.Parse($"fd00:{pool + 1:x}::{backend + 1:x}") : new([10, (byte)(1 + pool), (byte)(backend >> 8), (byte)backend]);

    private static PortRange Port(string text)
    {
        string[] parts = text.Split('/', '-');
        ushort first = ushort.Parse(parts[1], System.Globalization.CultureInfo.InvariantCulture);
        return new PortRange(parts[0] == "tcp" ? TransportProtocol.Tcp : TransportProtocol.Udp, first, parts.Length > 2 ? ushort.Parse(parts[2], System.Globalization.CultureInfo.InvariantCulture) : first);
    }
}
