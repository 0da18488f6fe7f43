using System.Collections.Immutable;
using System.Text;
using Weir.Compiler.Emit;
using Weir.Compiler.Sources;
using Weir.Compiler.Topologies;
using Xunit;

namespace Weir.Compiler.Tests.Checks;

/// <summary>How long source lists may be, and that the longest still make a bundle.</summary>
public sealed class SourceLimitTests
{
    [Fact]
    public void A_list_may_have_as_many_prefixes_as_the_limit_says()
    {
        CheckResult result = Check(1, SourceLists.MostPrefixes);
        Assert.Empty(result.Diagnostics);
        SiteCompilation compiled = SiteCompilation.Compile(result.Topology!, "ams1", null);

        // Every other address: an interval for each, and one between.
        Assert.Equal((2 * SourceLists.MostPrefixes) + 1, compiled.DataPlane!.Policies.V4.Lists.Single().Length);
        Assert.Equal("WEIR1233", Assert.Single(Check(1, SourceLists.MostPrefixes + 1).Diagnostics).Code);
    }

    [Fact]
    public void The_vips_of_a_site_may_have_so_many_together_and_equal_lists_count_once()
    {
        int vips = SourceLists.MostAtSite / 16_000;
        Assert.Empty(Check(vips, 16_000).Diagnostics);
        Assert.Equal("WEIR1234", Assert.Single(Check(vips + 1, 16_000).Diagnostics).Code);
        Assert.Empty(Check(vips + 10, 16_000, same: true).Diagnostics);
    }

    /// <summary>Lists of single addresses with one between each two.</summary>
    private static CheckResult Check(int vips, int prefixes, bool same = false)
    {
        StringBuilder text = new("""
            sites: { ams1: { hosts: { lb1: { interface: eth0 } }, encapsulation: { type: ipip, source: 10.255.0.1 }, nextHop: { gateway: 10.255.0.254 } } }
            pools: { web: { backends: [{ name: a, address: 10.254.0.1 }, { name: b, address: 10.254.0.2 }] } }
            vips:

            """);
        for (int vip = 0; vip < vips; vip++)
        {
            ImmutableArray<string> sources = [.. Enumerable.Range(0, prefixes).Select(i => $"{20 + (same ? 0 : vip)}.{i >> 15}.{(i >> 7) & 255}.{(2 * i) & 255}")];
            text.Append($"  v{vip}: {{ address: 203.0.113.{vip}, ports: [tcp/443], pool: web, sites: [ams1], sources: {{ deny: [{string.Join(", ", sources)}] }} }}\n");
        }

        return TopologyCompiler.Check(SourceSet.Of([new SourceFile("a.yaml", text.ToString())]), TestContext.Current.CancellationToken);
    }
}
