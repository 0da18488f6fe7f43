using System.Net.Sockets;
using Weir.Compiler.Model;
using Weir.Compiler.Planning;
using Weir.DataPlaneTests.Harness;
using Weir.Testing.Plans;
using Xunit;

namespace Weir.DataPlaneTests.Rules;

/// <summary><c>bpf/README.md</c>, section 1.</summary>
public sealed class LinkLayerTests(RuleBench bench) : PacketRules(bench)
{
    private static readonly SitePlan OnlyV4 = ExamplePlans.OneFamily(AddressFamily.InterNetwork);
    private static readonly SitePlan OnlyV6 = ExamplePlans.OneFamily(AddressFamily.InterNetworkV6);

    [Theory]
    [InlineData(0x0806)]
    [InlineData(0x8847)]
    [InlineData(0x9100)]
    public Task Other_EtherTypes_pass(ushort type) => Passes(Reason.PassNotIp, FrameWriter.Frame(type, new byte[60]));

    [Theory]
    [InlineData("203.0.113.10", 33)]
    [InlineData("203.0.113.10", 14)]
    [InlineData("2001:db8::10", 53)]
    public Task A_frame_too_short_for_its_fixed_IP_header_passes(string vip, int length) =>
        Passes(Reason.PassNotIp, TcpFrame(To(vip), 443)[..length]);

    [Fact]
    public Task A_frame_that_ends_within_its_VLAN_tag_passes() => Passes(Reason.PassNotIp, FrameWriter.Frame(0x0800, [], 0x8100)[..17]);

    [Fact]
    public Task Three_VLAN_tags_are_too_many()
    {
        IpFields ip = To("203.0.113.10");
        return Passes(Reason.PassNotIp, FrameWriter.Frame(ip, Tcp, FrameWriter.Transport(ip, Tcp, Client, 443, 0), 0x88a8, 0x8100, 0x8100));
    }

    [Theory]
    [InlineData(0x8100, null)]
    [InlineData(0x88a8, null)]
    [InlineData(0x88a8, 0x8100)]
    [InlineData(0x8100, 0x8100)]
    public async Task VLAN_tags_stay_on_what_is_sent(int outer, int? inner)
    {
        IpFields ip = To("2001:db8::10");
        ushort[] tags = inner is int second ? [(ushort)outer, (ushort)second] : [(ushort)outer];
        byte[] frame = FrameWriter.Frame(ip, Tcp, FrameWriter.Transport(ip, Tcp, Client, 443, 5), tags);
        Observation actual = await Forwards(frame);
        int tagged = 4 * tags.Length;
        Assert.Equal(frame.AsSpan(12, tagged), actual.Output.AsSpan(12, tagged));
        Assert.Equal<byte>([0x08, 0x00], actual.Output.AsSpan(12 + tagged, 2));
    }

    [Fact]
    public async Task A_family_without_VIPs_passes()
    {
        await Passes(Reason.PassNotIp, TcpFrame(To("2001:db8::10"), 443), OnlyV4);
        await Passes(Reason.PassNotIp, TcpFrame(To("203.0.113.10"), 443), OnlyV6);
        await Forwards(TcpFrame(To("203.0.113.10"), 443), plan: OnlyV4);
        await Forwards(TcpFrame(To("2001:db8::10"), 443), plan: OnlyV6);
    }
}
