using System.Collections.Immutable;
using System.Globalization;
using Weir.Compiler.Diagnostics;
using Weir.Compiler.Sources;
using Xunit;

namespace Weir.Compiler.Tests.Checks;

/// <summary>As many outer sources as a row can name, and one more.</summary>
public sealed class EncapsulationLimitTests
{
    [Theory]
    [InlineData(400, null)]
    [InlineData(401, "WEIR1516")]
    public void A_site_has_so_many_outer_sources(int count, string? code)
    {
        string backends = string.Join(",\n", Enumerable.Range(0, count).Select(i => string.Create(
            CultureInfo.InvariantCulture, $"{{ name: b-{i}, address: 10.1.{i / 250}.{1 + (i % 250)}, encapsulation: {{ source: 10.9.{i / 250}.{1 + (i % 250)} }} }}")));
        string topology = $$"""
            sites: { ams1: { hosts: { lb1: { interface: eth0 } }, encapsulation: { type: ipip, source: 10.10.0.1 }, nextHop: { gateway: 10.10.0.254 } } }
            pools: { web: { capacity: 2048, backends: [{{backends}}] } }
            vips: { www: { address: 203.0.113.10, ports: [tcp/443], pool: web, sites: [ams1] } }
            """;

        ImmutableArray<Diagnostic> found = TopologyCompiler.Check(SourceSet.Of([new SourceFile("topology.yaml", topology)]), TestContext.Current.CancellationToken).Diagnostics;

        Assert.Equal(code is null ? [] : [code], found.Where(d => d.Severity == Severity.Error).Select(d => d.Code));
    }
}
