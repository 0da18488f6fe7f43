using System.Net;
using System.Net.NetworkInformation;
using CsCheck;
using Weir.Compiler.Diagnostics;
using Weir.Compiler.Emit;
using Weir.Compiler.Sources;
using Weir.Compiler.Topologies;
using Weir.Testing;
using Xunit;

namespace Weir.Compiler.Tests.Checks;

/// <summary>What a valid topology becomes.</summary>
public sealed class TopologyTests
{
    private static readonly SourceSet Example = TopologyDirectory.Read(Path.Combine(RepositoryRoot.Path, "examples/dual-stack-edge/topology"));

    [Fact]
    public void Every_value_is_taken_over()
    {
        Topology topology = Check("""
            requires: { weir: "0.1" }
            seed: "5"
            sites:
              b1:
                hosts: { lb2: { interface: eth1 }, lb1: { interface: eth0 } }
                encapsulation: { type: ipip, source: [2001:db8:ffff::/64, 10.10.0.1] }
                nextHop: { gateway: [fe80::1, 10.10.0.254] }
                mtu: 0x2328
                unmatched: drop
              a1:
                hosts: { lb1: { interface: eth0 } }
                encapsulation: { type: ipip, source: [10.20.0.0/24, 2001:db8:20::1] }
                nextHop: { mac: 02:00:00:00:00:01 }
            pools:
              web:
                capacity: 64
                backends:
                  - { name: w2, address: "2001:db8::2", weight: 0, state: drain }
                  - { name: w1, address: 10.1.0.1 }
            vips:
              www: { address: ["2001:db8::10", 203.0.113.10], ports: ["udp/*", tcp/8000-8099, tcp/443], pool: web, sites: [b1, a1] }
            """);
        Assert.Equal("5", topology.Seed);
        Assert.Equal(["a1", "b1"], topology.Sites.Select(s => s.Name));
        Site a = topology.Sites[0];
        Assert.Equal((1500, Unmatched.Pass), (a.Mtu, a.Unmatched));
        Assert.Equal(new OuterSource(IPAddress.Parse("10.20.0.0"), 24), a.Encapsulation.SourceV4);
        Assert.Equal(new OuterSource(IPAddress.Parse("2001:db8:20::1"), 128), a.Encapsulation.SourceV6);
        Assert.Equal(PhysicalAddress.Parse("020000000001"), a.NextHopV4!.Mac);
        Assert.Equal(a.NextHopV4, a.NextHopV6);
        Site b = topology.Sites[1];
        Assert.Equal((9000, Unmatched.Drop), (b.Mtu, b.Unmatched));
        Assert.Equal(new OuterSource(IPAddress.Parse("10.10.0.1"), 32), b.Encapsulation.SourceV4);
        Assert.Equal(new OuterSource(IPAddress.Parse("2001:db8:ffff::"), 64), b.Encapsulation.SourceV6);
        Assert.Equal(IPAddress.Parse("10.10.0.254"), b.NextHopV4!.Gateway);
        Assert.Equal(IPAddress.Parse("fe80::1"), b.NextHopV6!.Gateway);
        Assert.Equal([("lb1", "eth0"), ("lb2", "eth1")], b.Hosts.Select(h => (h.Name, h.Interface)));
        Pool pool = Assert.Single(topology.Pools);
        Assert.Equal(64, pool.Capacity);
        Assert.Equal([("w1", 100, BackendState.Active), ("w2", 0, BackendState.Drain)], pool.Backends.Select(x => (x.Name, x.Weight, x.State)));
        Vip vip = Assert.Single(topology.Vips);
        Assert.Equal(["203.0.113.10", "2001:db8::10"], vip.Addresses.Select(x => x.ToString()));
        Assert.Equal(["tcp/443", "tcp/8000-8099", "udp/*"], vip.Ports.Select(PortText.Format));
        Assert.Equal(["a1", "b1"], vip.Sites);
        Assert.Equal((21, 3), (vip.Position.Line, vip.Position.Column));
    }

    [Fact]
    public void The_example_is_valid_and_without_findings()
    {
        CheckResult result = TopologyCompiler.Check(Example, TestContext.Current.CancellationToken);
        Assert.Empty(result.Diagnostics);
        Assert.Equal((2, 8, 40), (result.Topology!.Sites.Length, result.Topology.Pools.Length, result.Topology.Vips.Length));
    }

    /// <summary>Whole files under other names, in another order, make the same topology.</summary>
    [Fact]
    public void File_names_and_order_do_not_matter()
    {
        Topology expected = TopologyCompiler.Check(Example, TestContext.Current.CancellationToken).Topology!;
        string digest = TopologyDigest.Of(expected);
        Gen.Shuffle(Example.Files.ToArray()).Sample(
            files =>
            {
                SourceSet shuffled = SourceSet.Of(files.Select((file, i) => file with { Path = $"{i:D2}.yaml" }));
                Assert.Equal(digest, TopologyDigest.Of(TopologyCompiler.Check(shuffled).Topology!));
            },
            iter: 20);
    }

    [Fact]
    public void Two_VIPs_may_share_an_address_and_the_other_protocol_or_site() => Check("""
        sites:
          a1: &site { hosts: { lb1: { interface: eth0 } }, encapsulation: { type: ipip, source: 10.20.0.1 }, nextHop: { gateway: 10.20.0.254 } }
          a2: *site
        pools: { web: { backends: [{ name: w1, address: 10.1.0.1 }] } }
        vips:
          v1: { address: 203.0.113.10, ports: [tcp/443], pool: web, sites: [a1] }
          v2: { address: 203.0.113.10, ports: [udp/443, tcp/444-65535], pool: web, sites: [a1] }
          v3: { address: 203.0.113.10, ports: [tcp/443], pool: web, sites: [a2] }
        """);

    private static Topology Check(string text)
    {
        SourceSet sources = SourceSet.Of([new SourceFile("a.yaml", text + "\nlint: { single-backend: off }\n")]);
        CheckResult result = TopologyCompiler.Check(sources, TestContext.Current.CancellationToken);
        Assert.True(result.Diagnostics.IsEmpty, new TextRenderer(sources, "", color: false).Render(result.Diagnostics));
        return result.Topology!;
    }
}
