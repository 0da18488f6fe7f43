using System.Net;
using Weir.Compiler.Diagnostics;
using Weir.Compiler.Sources;
using Weir.Compiler.Topologies;
using Xunit;

namespace Weir.Compiler.Tests.Checks;

/// <summary>What the parts of the language beyond sites, pools and VIPs become.</summary>
public sealed class LanguageTests
{
    private const string Whole = """
        defaults:
          encapsulation: { type: ipip, source: [10.99.0.1, "2001:db8:99::1"] }
          nextHop: { gateway: [10.99.0.254, "fe80::99"] }
          interface: eth0
          mtu: 1600
          unmatched: drop
          limits: { maxFlows: 2000000, mapMemory: 256MiB }
          capacity: 64
          prefer: local
          weight: 7
          sites: [ams1, fra1]
        sites:
          ams1:
            hosts: { lb1: { interface: eth1 }, lb2: {} }
            encapsulation: { source: 10.10.0.1 }
            nextHop: { gateway: 10.10.0.254 }
            mtu: 9000
            unmatched: pass
            limits: { maxFlows: 4294967296 }
            protected: true
          fra1: { hosts: { lb1: {} }, nextHop: { mac: "02:00:00:00:00:01" }, limits: { mapMemory: 1GiB } }
        ports:
          web: [tcp/80, tcp/443]
        policy: { maxLeaving: 20 }
        pools:
          web:
            capacity: 128
            prefer: { labels: { tier: gold, zone/rack: r1 } }
            encapsulation: { source: "2001:db8:10::9" }
            protected: true
            policy: { minimumPool: 2 }
            sites:
              fra1: { prefer: any, encapsulation: { type: ipip, source: 10.20.0.9 } }
              ams1: {}
            backends:
              - { name: web-1, address: 10.1.0.11, weight: 100, site: ams1, labels: { tier: gold }, encapsulation: { source: 10.10.0.7 } }
              - { name: web-2, address: "2001:db8::12", state: down }
          web-fra:
            backends: [{ name: f1, address: 10.2.0.11, site: fra1 }, { name: f2, address: 10.2.0.12, site: ams1 }]
        vips:
          www:
            address: [203.0.113.10, 198.51.100.0/28, "2001:db8:1::/64", 192.0.2.1/32]
            ports: [udp/53, web, tcp/8000-8099]
            pool: web
            sites: { ams1: {}, fra1: { pool: web-fra } }
            protected: true
            policy: { maxMoving: 10 }
          api: { address: 203.0.113.11, ports: [web], pool: web-fra }
        """;

    private readonly Topology _topology = Check(Whole);

    [Fact]
    public void A_site_takes_from_the_defaults_what_it_does_not_say()
    {
        Site ams = _topology.Sites[0];
        Assert.Equal((9000, Unmatched.Pass, true), (ams.Mtu, ams.Unmatched, ams.Protected));
        Assert.Equal(new Limits(4_294_967_296, 256 << 20), ams.Limits);
        Assert.Equal(("10.10.0.1", "2001:db8:99::1"), (AddressText.OfSource(ams.Encapsulation.SourceV4), AddressText.OfSource(ams.Encapsulation.SourceV6)));
        Assert.Equal((IPAddress.Parse("10.10.0.254"), IPAddress.Parse("fe80::99")), (ams.NextHopV4!.Gateway, ams.NextHopV6!.Gateway));
        Assert.Equal([("lb1", "eth1"), ("lb2", "eth0")], ams.Hosts.Select(h => (h.Name, h.Interface)));
        Site fra = _topology.Sites[1];
        Assert.Equal((1600, Unmatched.Drop, false), (fra.Mtu, fra.Unmatched, fra.Protected));
        Assert.Equal(new Limits(2_000_000, 1 << 30), fra.Limits);
        Assert.Equal("10.99.0.1", AddressText.OfSource(fra.Encapsulation.SourceV4));
        Assert.Equal("02:00:00:00:00:01", AddressText.OfMac(fra.NextHopV4!.Mac));
        Assert.Equal(fra.NextHopV4, fra.NextHopV6);
    }

    [Fact]
    public void A_pool_keeps_what_it_says_of_sites_and_backends()
    {
        Pool web = _topology.Pools[0];
        Assert.Equal((128, true, new Policy(20, 2, 100)), (web.Capacity, web.Protected, web.Policy));
        Assert.False(web.Prefer.Local);
        Assert.Equal([("tier", "gold"), ("zone/rack", "r1")], web.Prefer.Labels.Select(l => (l.Key, l.Value)));
        Assert.Equal((null, null, "2001:db8:10::9"), Override(web.Encapsulation));
        Assert.Equal(["ams1", "fra1"], web.Sites.Keys);
        Assert.Equal(new PoolAtSite(null, null), web.Sites["ams1"]);
        Assert.Same(Preference.Any, web.Sites["fra1"].Prefer);
        Assert.Equal((EncapsulationType.Ipip, "10.20.0.9", null), Override(web.Sites["fra1"].Encapsulation));
        Assert.Equal([("web-1", 100, BackendState.Active, "ams1"), ("web-2", 7, BackendState.Down, null)], web.Backends.Select(b => (b.Name, b.Weight, b.State, b.Site)));
        Assert.Equal("gold", web.Backends[0].Labels["tier"]);
        Assert.Equal((null, "10.10.0.7", null), Override(web.Backends[0].Encapsulation));
        Pool fra = _topology.Pools[1];
        Assert.Equal((64, true, Policy.Default with { MaxLeaving = 20 }), (fra.Capacity, fra.Prefer.Local, fra.Policy));
        Assert.Null(fra.Encapsulation);
    }

    [Fact]
    public void A_VIP_has_ranges_port_sets_and_pools_by_site()
    {
        Vip api = _topology.Vips[0];
        Assert.Equal(["ams1", "fra1"], api.Sites);
        Assert.Equal(["tcp/80", "tcp/443"], api.Ports.Select(PortText.Format));
        Vip www = _topology.Vips[1];
        Assert.Equal(["192.0.2.1", "203.0.113.10"], www.Addresses.Select(a => a.ToString()));
        Assert.Equal(["198.51.100.0/28", "2001:db8:1::/64"], www.Ranges.Select(r => r.ToString()));
        Assert.Equal(["tcp/80", "tcp/443", "tcp/8000-8099", "udp/53"], www.Ports.Select(PortText.Format));
        Assert.Equal(("web", "web-fra"), (www.PoolAt("ams1"), www.PoolAt("fra1")));
        Assert.Equal((true, new Policy(20, 4, 10)), (www.Protected, www.Policy));
        Assert.Equal(new Policy(20, 4, 100), _topology.Policy);
    }

    private static (EncapsulationType? Type, string? V4, string? V6) Override(EncapsulationOverride? encapsulation) =>
        (encapsulation!.Type, AddressText.OfSource(encapsulation.SourceV4), AddressText.OfSource(encapsulation.SourceV6));

    private static Topology Check(string text)
    {
        SourceSet sources = SourceSet.Of([new SourceFile("a.yaml", text)]);
        CheckResult result = TopologyCompiler.Check(sources, TestContext.Current.CancellationToken);
        Assert.False(result.Diagnostics.HasErrors(), new TextRenderer(sources, "", color: false).Render(result.Diagnostics));
        return result.Topology!;
    }
}
