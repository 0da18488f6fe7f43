using System.Net;
using Weir.Compiler.Emit;
using Weir.Compiler.Planning;
using Weir.Compiler.Snapshots;
using Weir.Compiler.Sources;
using Weir.Compiler.Topologies;
using Xunit;

namespace Weir.Compiler.Tests.Checks;

/// <summary><c>hash</c>, <c>sources</c> and <c>routes</c>: from YAML to the topology, the site plan and the bundle, and back.</summary>
public sealed class FlowPolicyTests
{
    private const string Text = """
        sites: { ams1: { hosts: { lb1: { interface: eth0 } }, encapsulation: { type: ipip, source: 10.255.0.1 }, nextHop: { gateway: 10.255.0.254 } } }
        pools:
          api: { backends: [{ name: c, address: 10.254.1.1 }, { name: d, address: 10.254.1.2 }] }
          web: { backends: [{ name: a, address: 10.254.0.1 }, { name: b, address: 10.254.0.2 }] }
        vips:
          www:
            address: [203.0.113.10, "2001:db8::10"]
            ports: [tcp/443]
            pool: web
            sites: [ams1]
            hash: HASH
            sources: { allow: [10.66.7.1, 10.0.0.0/8, "2001:db8:5::/48"], deny: [10.66.0.0/16] }
            routes: [{ source: ["2001:db8:5:1::/64", 10.5.0.0/16], pool: api }]
        """;

    [Theory]
    [InlineData("five-tuple", "five-tuple")]
    [InlineData("three-tuple", "three-tuple")]
    [InlineData("without-destination-port", "without-destination-port")]
    [InlineData("source", "source")]
    [InlineData("{ sourcePrefix: { ipv4: 24, ipv6: 56 } }", "source/24/56")]
    [InlineData("{ sourcePrefix: { ipv6: 56 } }", "source/32/56")]
    [InlineData("{ sourcePrefix: { ipv4: 32 } }", "source")]
    public void What_is_written_holds_and_comes_back_from_snapshot_and_bundle(string yaml, string hash)
    {
        Topology topology = Read(Text.Replace("HASH", yaml, StringComparison.Ordinal));
        Vip vip = Assert.Single(topology.Vips);
        Assert.Equal(hash, HashText.Format(vip.Hash));
        Assert.Equal(["10.0.0.0/8", "10.66.7.1/32", "2001:db8:5::/48"], vip.Sources.Allow.Select(p => p.ToString()));
        Assert.Equal(["10.66.0.0/16"], vip.Sources.Deny.Select(p => p.ToString()));
        Assert.Equal(["10.5.0.0/16 api", "2001:db8:5:1::/64 api"], vip.Routes.Select(r => $"{r.Source} {r.Pool}"));

        string snapshot = SnapshotText.Of(topology);
        Assert.Equal(snapshot, SnapshotText.Of(Read(snapshot)));
        Assert.Equal(TopologyDigest.Of(topology), TopologyDigest.Of(Read(snapshot)));

        SiteCompilation compiled = SiteCompilation.Compile(topology, "ams1", null);
        SitePlan back = Assert.IsType<VerifiedBundle>(BundleReader.Read(compiled.Bundle!).Bundle).ToSitePlan();
        Assert.Equal(["api", "web"], back.Pools.Select(p => p.Name));
        VipPlan plan = Assert.Single(back.Vips);
        Assert.Equal(vip.Hash, plan.Hash);
        Assert.Equal(vip.Sources.Allow, plan.Sources.Allow);
        Assert.Equal(vip.Sources.Deny, plan.Sources.Deny);
        Assert.Equal([(IPNetwork.Parse("10.5.0.0/16"), 0), (IPNetwork.Parse("2001:db8:5:1::/64"), 0)], plan.Routes);
    }

    [Fact]
    public void A_vip_that_says_nothing_hashes_all_and_serves_all()
    {
        Vip vip = Assert.Single(Read(Text[..Text.IndexOf("    hash", StringComparison.Ordinal)].Replace("  api:", "  api2:", StringComparison.Ordinal) + "lint: { unused-pool: off }\n").Vips);
        Assert.Equal((HashPolicy.FiveTuple, true, true), (vip.Hash, vip.Sources.IsAll, vip.Routes.IsEmpty));
    }

    private static Topology Read(string text)
    {
        CheckResult result = TopologyCompiler.Check(SourceSet.Of([new SourceFile("a.yaml", text)]), TestContext.Current.CancellationToken);
        Assert.Empty(result.Diagnostics);
        return result.Topology!;
    }
}
