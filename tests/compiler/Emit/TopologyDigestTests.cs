using Weir.Compiler.Diagnostics;
using Weir.Compiler.Emit;
using Weir.Compiler.Sources;
using Xunit;

namespace Weir.Compiler.Tests.Emit;

/// <summary>What has a meaning to traffic or to the gate is in the topology's digest, and nothing else is.</summary>
public sealed class TopologyDigestTests
{
    private const string Base = """
        defaults: { mtu: 1600 }
        sites:
          ams1:
            hosts: { lb1: { interface: eth0 } }
            encapsulation: { type: ipip, source: 10.10.0.1 }
            nextHop: { gateway: 10.10.0.254 }
            limits: { maxFlows: 5, mapMemory: 1MiB }
            protected: true
          fra1:
            hosts: { lb1: { interface: eth0 } }
            encapsulation: { type: ipip, source: 10.20.0.1 }
            nextHop: { gateway: 10.20.0.254 }
        policy: { maxLeaving: 20, minimumPool: 3, maxMoving: 50 }
        ports: { web: [tcp/80] }
        pools:
          web:
            prefer: { labels: { tier: gold } }
            encapsulation: { source: 10.10.0.9 }
            policy: { minimumPool: 2 }
            sites: { ams1: { prefer: local, encapsulation: { source: 10.10.0.8 } } }
            backends:
              - { name: w1, address: 10.1.0.1, site: ams1, labels: { tier: gold }, encapsulation: { source: 10.10.0.7 } }
              - { name: w2, address: 10.1.0.2, state: down }
          api:
            protected: true
            backends: [{ name: a1, address: 10.1.0.3 }, { name: a2, address: 10.1.0.4 }]
        vips:
          www: { address: [203.0.113.1, 198.51.100.0/28], ports: [web], pool: web, sites: { ams1: {}, fra1: { pool: api } }, hash: { sourcePrefix: { ipv4: 24 } }, sources: { allow: [10.0.0.0/8], deny: [10.66.0.0/16] }, routes: [{ source: 10.5.0.0/16, pool: api }], policy: { maxMoving: 10 }, protected: true }
        """;

    private static readonly string Digest = Of(Base);

    [Theory]
    [InlineData("mtu: 1600", "mtu: 1700")]
    [InlineData("ipv4: 24", "ipv4: 25")]
    [InlineData("hash: { sourcePrefix: { ipv4: 24 } }", "hash: source")]
    [InlineData("hash: { sourcePrefix: { ipv4: 24 } }, ", "")]
    [InlineData("allow: [10.0.0.0/8]", "allow: [10.0.0.0/9]")]
    [InlineData("allow: [10.0.0.0/8], ", "")]
    [InlineData("deny: [10.66.0.0/16]", "deny: [10.66.0.0/17]")]
    [InlineData("allow: [10.0.0.0/8], deny: [10.66.0.0/16]", "deny: [10.0.0.0/8], allow: [10.66.0.0/16]")]
    [InlineData("source: 10.5.0.0/16", "source: 10.5.0.0/17")]
    [InlineData("{ source: 10.5.0.0/16, pool: api }", "{ source: 10.5.0.0/16, pool: web }")]
    [InlineData("maxFlows: 5", "maxFlows: 6")]
    [InlineData("mapMemory: 1MiB", "mapMemory: 2MiB")]
    [InlineData(", mapMemory: 1MiB", "")]
    [InlineData("    protected: true\n  fra1:", "  fra1:")]
    [InlineData("maxLeaving: 20", "maxLeaving: 21")]
    [InlineData("minimumPool: 3", "minimumPool: 4")]
    [InlineData("maxMoving: 50", "maxMoving: 51")]
    [InlineData("[tcp/80]", "[tcp/81]")]
    [InlineData("prefer: { labels: { tier: gold } }", "prefer: { labels: { tier: iron } }")]
    [InlineData("prefer: { labels: { tier: gold } }", "prefer: any")]
    [InlineData("10.10.0.9", "10.10.0.10")]
    [InlineData("policy: { minimumPool: 2 }", "policy: { minimumPool: 5 }")]
    [InlineData("prefer: local", "prefer: any")]
    [InlineData("  web:\n    prefer", "  web:\n    ring: rendezvous\n    prefer")]
    [InlineData("prefer: local, ", "")]
    [InlineData("10.10.0.8", "10.10.0.10")]
    [InlineData("10.10.0.7", "10.10.0.10")]
    [InlineData("site: ams1", "site: fra1")]
    [InlineData("gold }, encapsulation", "iron }, encapsulation")]
    [InlineData("state: down", "state: drain")]
    [InlineData("    protected: true\n    backends", "    backends")]
    [InlineData("198.51.100.0/28", "198.51.100.0/29")]
    [InlineData("fra1: { pool: api }", "fra1: {}")]
    [InlineData("policy: { maxMoving: 10 }", "policy: { maxMoving: 10 }, fragments: follow")]
    [InlineData("maxMoving: 10", "maxMoving: 11")]
    [InlineData(", protected: true }", " }")]
    public void What_has_a_meaning_is_in_it(string before, string after)
    {
        Assert.Contains(before, Base, StringComparison.Ordinal);
        Assert.NotEqual(Digest, Of(Base.Replace(before, after, StringComparison.Ordinal)));
    }

    [Theory]
    [InlineData("defaults: { mtu: 1600 }", "# a comment\ndefaults:\n  mtu: 1600\nlint: { single-backend: off }")]
    [InlineData("defaults: { mtu: 1600 }", "defaults: { mtu: 1600, weight: 100, unmatched: pass, prefer: any }")]
    [InlineData("ports: [web]", "ports: [tcp/80]")]
    [InlineData("ams1: {}, fra1", "ams1: { pool: web }, fra1")]
    [InlineData("203.0.113.1,", "203.0.113.1/32,")]
    [InlineData("mapMemory: 1MiB", "mapMemory: 1024KiB")]
    [InlineData("policy: { minimumPool: 2 }", "policy: { minimumPool: 2, maxLeaving: 20 }")]
    [InlineData("policy: { maxMoving: 10 }", "policy: { maxMoving: 10 }, fragments: drop")]
    [InlineData("  web:\n    prefer", "  web:\n    ring: maglev\n    prefer")]
    public void How_it_is_said_is_not(string before, string after)
    {
        Assert.Contains(before, Base, StringComparison.Ordinal);
        Assert.Equal(Digest, Of(Base.Replace(before, after, StringComparison.Ordinal)));
    }

    private static string Of(string text)
    {
        SourceSet sources = SourceSet.Of([new SourceFile("a.yaml", text)]);
        CheckResult result = TopologyCompiler.Check(sources);
        Assert.True(result.Topology is not null, new TextRenderer(sources, "", color: false).Render(result.Diagnostics));
        return TopologyDigest.Of(result.Topology);
    }
}
