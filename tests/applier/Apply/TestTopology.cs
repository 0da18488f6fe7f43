using System.Collections.Immutable;
using System.Net;
using System.Net.NetworkInformation;
using Weir.Compiler.Diagnostics;
using Weir.Compiler.Emit;
using Weir.Compiler.Topologies;

namespace Weir.Applier.Tests.Apply;

/// <summary>A small checked topology to vary.</summary>
/// <param name="Backends">Numbers of the backends of pool web; each has an address of its own.</param>
/// <param name="Drained">Those of them in drain.</param>
/// <param name="Vips">How many VIPs; above four addresses a family they are hashed.</param>
internal sealed record TestTopology(ImmutableArray<int> Backends, ImmutableArray<int> Drained, int Vips = 5)
{
    public IPAddress? Gateway { get; init; }

    public string Mac { get; init; } = "02:00:00:00:00:99";

    /// <summary>A port of every VIP.</summary>
    public ushort Port { get; init; } = 80;

    public int Mtu { get; init; } = 1500;

    /// <summary>Numbers of the backends that are sent to from 10.10.0.2, or fd00:20::/96.</summary>
    public ImmutableArray<int> OtherSource { get; init; } = [];

    /// <summary>Whether backends are on the host's own link, to be found out there.</summary>
    public bool OnLink { get; init; }

    /// <summary>Ranges of the first VIP.</summary>
    public ImmutableArray<IPNetwork> Ranges { get; init; } = [];

    public static TestTopology Of(params ImmutableArray<int> backends) => new(backends, []);

    public static IPAddress VipAddress(int vip) => IPAddress.Parse($"203.0.113.{vip + 1}");

    public Bundle Compile()
    {
        SourceSpan none = SourceSpan.None;
        NextHop hop = Gateway is null ? new(null, PhysicalAddress.Parse(Mac)) : new(Gateway, null);
        SiteCompilation compiled = SiteCompilation.Compile(
            new Topology
            {
                Seed = "test",
                Sites =
                [
                    new Site("here", none)
                    {
                        Hosts = [new Host("lb1", "eth0", none)],
                        Encapsulation = new(EncapsulationType.Ipip, new OuterSource(IPAddress.Parse("10.10.0.1"), 32), new OuterSource(IPAddress.Parse("fd00:10::"), 96), none),
                        NextHopV4 = hop,
                        NextHopV6 = new(null, PhysicalAddress.Parse(Mac)),
                        Mtu = Mtu,
                        Unmatched = Unmatched.Pass,
                    },
                ],
                Pools = [new Pool("web", none) { Capacity = 32, Backends = [.. Backends.Select(Backend)] }],
                Vips =
                [.. Enumerable.Range(0, Vips).Select(vip => new Vip($"vip-{vip:00}", none)
                {
                    Addresses = [VipAddress(vip), IPAddress.Parse($"2001:db8::{vip + 1}")],
                    Ports = [new PortRange(TransportProtocol.Tcp, Port, Port), new PortRange(TransportProtocol.Udp, 443, 443)],
                    Ranges = vip == 0 ? Ranges : [],
                    Pool = "web",
                    Sites = ["here"],
                })],
            },
            "here",
            commit: null);
        return compiled.Bundle ?? throw new InvalidOperationException(string.Join(", ", compiled.Findings.Select(finding => finding.ToString())));
    }

    private Backend Backend(int number) => new(
        $"web-{number}",
        IPAddress.Parse(number % 2 == 0 ? $"fd00:1::{number}" : $"10.1.0.{number}"),
        100,
        Drained.Contains(number) ? BackendState.Drain : BackendState.Active,
        SourceSpan.None)
    {
        Encapsulation = OtherSource.Contains(number)
            ? new EncapsulationOverride(null, new OuterSource(IPAddress.Parse("10.10.0.2"), 32), new OuterSource(IPAddress.Parse("fd00:20::"), 96), SourceSpan.None)
            : OnLink ? new EncapsulationOverride(EncapsulationType.L2, null, null, SourceSpan.None) : null,
    };
}
