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

    /// <summary>Neighbours of what is listed, so that there are no more intervals than the size class has room for.</summary>
    [Theory]
    [InlineData("policies-folded")]
    [InlineData("policies-hashed")]
    public void Another_source_or_hash_beside_others_is_no_new_program(string name)
    {
        SitePlan plan = Plans()[name];
        VipPlan www = plan.Vips[^1];
        VipPlan more = www with
        {
            Hash = HashPolicy.ThreeTuple,
            Sources = www.Sources with { Deny = www.Sources.Deny.Add(IPNetwork.Parse("10.67.0.0/16")) },
            Routes = www.Routes.Add((IPNetwork.Parse("10.6.0.0/16"), 1)),
        };
        DataPlane before = SiteLowering.Lower(plan);
        DataPlane after = SiteLowering.Lower(plan with { Vips = plan.Vips.SetItem(plan.Vips.Length - 1, more) });

        Assert.Equal(ProgramEmitter.Emit(before), ProgramEmitter.Emit(after));
        Assert.Equal([".data.policy"], before.Images.Zip(after.Images).Where(p => !p.First.Bytes.AsSpan().SequenceEqual(p.Second.Bytes.AsSpan())).Select(p => p.First.Section));
    }

    [Fact]
    public void Vips_with_equal_sources_share_their_intervals()
    {
        SitePlan plan = Plans()["policies-hashed"];
        VipPlan www = plan.Vips[^1];
        SitePlan twice = plan with { Vips = plan.Vips.Add(PolicyPlans.Vip("www-2", 60) with { Sources = www.Sources, Routes = www.Routes }) };
        Assert.Equal(SiteLowering.Lower(plan).Policies.V4.Lists.Length, SiteLowering.Lower(twice).Policies.V4.Lists.Length);
        Assert.Equal(SiteLowering.Lower(plan).Sizes.Intervals6, SiteLowering.Lower(twice).Sizes.Intervals6);
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
