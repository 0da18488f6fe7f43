using System.Text;
using Weir.Compiler.Diagnostics;
using Weir.Compiler.Sources;
using Xunit;

namespace Weir.Compiler.Tests.Checks;

public sealed class PoolLimitTests
{
    [Theory]
    [InlineData(16, 32)]
    [InlineData(17, 64)]
    [InlineData(1_000, 2_048)]
    [InlineData(16_384, 32_768)]
    public void The_default_capacity_is_the_next_power_of_two_that_is_twice_the_backends(int backends, int capacity)
    {
        CheckResult result = Check(backends);
        Assert.False(result.Diagnostics.HasErrors());
        Assert.Equal(capacity, Assert.Single(result.Topology!.Pools).Capacity);
    }

    [Fact]
    public void More_backends_than_the_largest_capacity_holds_are_refused() =>
        Assert.Equal("WEIR1406", Assert.Single(Check(16_385).Diagnostics).Code);

    private static CheckResult Check(int backends)
    {
        StringBuilder text = new("""
            sites: { ams1: { hosts: { lb1: { interface: eth0 } }, encapsulation: { type: ipip, source: 10.255.0.1 }, nextHop: { gateway: 10.255.0.254 } } }
            vips: { www: { address: 203.0.113.10, ports: [tcp/443], pool: web, sites: [ams1] } }
            pools:
              web:
                backends:

            """);
        for (int i = 0; i < backends; i++)
        {
            text.Append($"      - {{ name: b{i}, address: 10.{1 + (i >> 16)}.{(i >> 8) & 255}.{i & 255} }}\n");
        }

        return TopologyCompiler.Check(SourceSet.Of([new SourceFile("a.yaml", text.ToString())]), TestContext.Current.CancellationToken);
    }
}
