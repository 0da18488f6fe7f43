using System.Net;
using System.Net.Sockets;
using Weir.Compiler.Emit;
using Weir.Compiler.Lowering;
using Weir.Compiler.Planning;
using Weir.Compiler.Topologies;
using Weir.Testing;
using Weir.Testing.Plans;
using Xunit;

namespace Weir.Compiler.Tests.Emit;

/// <summary>The generated C as a reviewer reads it: <c>tests/compiler/Emit/programs</c>. That each compiles, loads and does what
/// the packet rules say is the data plane tests' business.</summary>
public sealed class ProgramEmitterTests
{
    public static TheoryData<string> Cases { get; } = [.. Plans().Keys];

    [Theory]
    [MemberData(nameof(Cases))]
    public void Program_is_as_reviewed(string name) =>
        new BaselineCase($"tests/compiler/Emit/programs/{name}").Output("lb.bpf.c", ProgramEmitter.Emit(SiteLowering.Lower(Plans()[name]))).Verify();

    [Fact]
    public void What_a_topology_does_not_use_is_not_in_its_program()
    {
        string text = Emit("one-family-4");

        Assert.DoesNotContain("path6", text, StringComparison.Ordinal);
        Assert.DoesNotContain("too_big6", text, StringComparison.Ordinal);
        Assert.DoesNotContain("#if", text, StringComparison.Ordinal);
    }

    [Fact]
    public void Another_backend_is_no_new_program()
    {
        SitePlan plan = Plans()["small"];
        PoolPlan web = plan.Pools[2];
        SitePlan more = plan with { Pools = plan.Pools.SetItem(2, web with { Backends = web.Backends.Add(ExamplePlans.Backend(0x33, "web-3", "10.1.0.13")) }) };

        Assert.Equal(ProgramEmitter.Emit(SiteLowering.Lower(plan)), ProgramEmitter.Emit(SiteLowering.Lower(more)));
    }

    [Fact]
    public void Another_vip_beside_many_is_no_new_program()
    {
        SitePlan plan = Plans()["many-vips"];
        SitePlan more = plan with { Vips = plan.Vips.Add(ManyVip(41)) };

        Assert.Equal(ProgramEmitter.Emit(SiteLowering.Lower(plan)), ProgramEmitter.Emit(SiteLowering.Lower(more)));
    }

    [Theory]
    [InlineData("ams1", "weir_ams1")]
    [InlineData("north-edge-amsterdam", "weir_north_edge")]
    public void Function_name_fits_what_the_kernel_keeps(string site, string expected) =>
        Assert.Equal(expected, ProgramText.FunctionName(site));

    private static string Emit(string name) => ProgramEmitter.Emit(SiteLowering.Lower(Plans()[name]));

    private static SortedDictionary<string, SitePlan> Plans()
    {
        SitePlan small = ExamplePlans.Small();
        return new(StringComparer.Ordinal)
        {
            ["small"] = small,
            ["one-family-4"] = ExamplePlans.OneFamily(AddressFamily.InterNetwork),
            ["one-family-6"] = ExamplePlans.OneFamily(AddressFamily.InterNetworkV6),
            ["drop-jumbo"] = ExamplePlans.Small(Unmatched.Drop, mtu: 9000),
            ["ranges-folded"] = ExamplePlans.Ranges(hashed: false),
            ["ranges-hashed"] = ExamplePlans.Ranges(hashed: true),
            ["server-ids"] = ExamplePlans.ServerIds(),
            ["several-sources"] = ExamplePlans.Sources(),
            ["hash-folded"] = PolicyPlans.OneHash(HashPolicy.SourcePrefix(24, 56)),
            ["policies-folded"] = PolicyPlans.Mixed(hashed: false),
            ["policies-hashed"] = PolicyPlans.Mixed(hashed: true),
            ["encapsulations"] = TunnelPlans.Mixed(sources: true),
            ["geneve"] = TunnelPlans.All("geneve-options-sum"),
            ["many-vips"] = small with { Vips = [.. Enumerable.Range(1, 40).Select(ManyVip)] },
        };
    }

    private static VipPlan ManyVip(int number) => new(
        $"vip-{number:d2}",
        1 + (number % 2),
        [IPAddress.Parse($"203.0.113.{number}"), IPAddress.Parse($"2001:db8::{number}")],
        [ExamplePlans.Tcp(443), ExamplePlans.Tcp(8000, 8099)]);
}
