using System.Net;
using PacketDotNet;
using Weir.Compiler.Model;
using Weir.Compiler.Planning;
using Weir.DataPlaneTests.Harness;
using Weir.Testing.Plans;
using Xunit;

namespace Weir.DataPlaneTests.Rules;

/// <summary><c>bpf/README.md</c>, section 3.</summary>
public sealed class BalancingTests(RuleBench bench) : PacketRules(bench)
{
    private const int Ip = 14;
    private static readonly SitePlan Jumbo = ExamplePlans.Small(mtu: 9000);

    private static FlowHash HashOf(IpFields ip, ushort port) =>
        FlowHash.Of(Plan.HashKey, ip.Source.GetAddressBytes(), ip.Destination.GetAddressBytes(), Tcp, Client, port);

    [Fact]
    public async Task The_top_bits_of_h1_choose_the_slot_and_the_slot_the_backend()
    {
        for (ushort source = 1; source < 40; source++)
        {
            IpFields ip = To("203.0.113.10");
            byte[] frame = FrameWriter.Frame(ip, Tcp, FrameWriter.Transport(ip, Tcp, source, 443, 0));
            uint h1 = FlowHash.Of(Plan.HashKey, ip.Source.GetAddressBytes(), ip.Destination.GetAddressBytes(), Tcp, source, 443).H1;
            ushort backend = Plan.Pools[2].Ring[(int)(h1 >> 20)];
            Observation actual = await Forwards(frame);
            Assert.Equal<byte>([10, 1, 0, (byte)(11 + backend)], actual.Output.AsSpan(Ip + 16, 4));
        }
    }

    [Theory]
    [InlineData("203.0.113.30")]
    [InlineData("2001:db8::30")]
    public Task A_slot_without_backend_drops(string vip) => Drops(Reason.DropNoBackend, TcpFrame(To(vip), 80));

    [Theory]
    [InlineData("203.0.113.10", 4)]
    [InlineData("2001:db8::10", 41)]
    public async Task The_outer_IPv4_header_is_the_pages(string vip, byte protocol)
    {
        IpFields ip = To(vip) with { TrafficClass = 0xb9 };
        byte[] frame = TcpFrame(ip, 443);
        Observation actual = await Forwards(frame);
        FlowHash hash = HashOf(ip, 443);
        byte backend = (byte)(11 + Plan.Pools[2].Ring[(int)(hash.H1 >> 20)]);
        byte[] outer = actual.Output.AsSpan(Ip, 20).ToArray();
        byte[] wanted =
        [
            0x45, 0xb9, 0, (byte)(frame.Length - Ip + 20), 0, 0, 0x40, 0, 64, protocol, outer[10], outer[11],
            10, 10, 0, (byte)hash.H2, 10, 1, 0, backend,
        ];
        Assert.Equal(wanted, outer);
        Assert.Equal<byte>([0x02, 0, 0, 0, 0, 0xaa, 0x02, 0, 0, 0, 0, 0x01, 0x08, 0x00], actual.Output.AsSpan(0, Ip));
        Assert.Equal(frame.AsSpan(Ip), actual.Output.AsSpan(Ip + 20));
        IPv4Packet parsed = Packet.ParsePacket(LinkLayers.Ethernet, [.. actual.Output]).Extract<IPv4Packet>();
        Assert.True(parsed.ValidIPChecksum);
    }

    [Theory]
    [InlineData("203.0.113.20", 4)]
    [InlineData("2001:db8::20", 41)]
    public async Task The_outer_IPv6_header_is_the_pages(string vip, byte next)
    {
        IpFields ip = To(vip) with { TrafficClass = 0xb9 };
        byte[] frame = TcpFrame(ip, 1000);
        Observation actual = await Forwards(frame, outerLength: 40);
        FlowHash hash = HashOf(ip, 1000);
        byte backend = (byte)(0x11 + Plan.Pools[1].Ring[(int)(hash.H1 >> 19)]);
        byte[] source = IPAddress.Parse("fd00:10::").GetAddressBytes();
        byte[] wanted =
        [
            0x6b, (byte)(0x90 | ((hash.H2 >> 16) & 0xf)), (byte)(hash.H2 >> 8), (byte)hash.H2, 0, (byte)(frame.Length - Ip), next, 64,
            .. source[..12], (byte)(hash.H2 >> 24), (byte)(hash.H2 >> 16), (byte)(hash.H2 >> 8), (byte)hash.H2,
            0xfd, 0, 0, 1, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, backend,
        ];
        Assert.Equal(wanted, actual.Output.AsSpan(Ip, 40));
        Assert.Equal<byte>([0x02, 0, 0, 0, 0, 0xbb, 0x02, 0, 0, 0, 0, 0x01, 0x86, 0xdd], actual.Output.AsSpan(0, Ip));
        Assert.Equal(frame.AsSpan(Ip), actual.Output.AsSpan(Ip + 40));
        IPv6Packet parsed = Packet.ParsePacket(LinkLayers.Ethernet, [.. actual.Output]).Extract<IPv6Packet>();
        Assert.Equal(frame.Length - Ip, parsed.PayloadLength);
    }

    [Fact]
    public async Task TOS_and_traffic_class_are_copied_whole()
    {
        for (int tos = 0; tos < 256; tos += 17)
        {
            Observation four = await Forwards(TcpFrame(To("203.0.113.10") with { TrafficClass = (byte)tos }, 443));
            Assert.Equal(tos, four.Output[Ip + 1]);
            Observation six = await Forwards(TcpFrame(To("2001:db8::20") with { TrafficClass = (byte)tos }, 443), outerLength: 40);
            Assert.Equal(tos, ((six.Output[Ip] << 4) | (six.Output[Ip + 1] >> 4)) & 0xff);
        }
    }

    [Fact]
    public async Task Options_are_carried_along()
    {
        byte[] frame = TcpFrame(To("203.0.113.10") with { Options = [.. Enumerable.Repeat((byte)1, 40)] }, 443);
        Observation actual = await Forwards(frame);
        Assert.Equal(frame.AsSpan(Ip), actual.Output.AsSpan(Ip + 20));
    }

    [Theory]
    [InlineData("203.0.113.10", 20)]
    [InlineData("2001:db8::10", 20)]
    [InlineData("203.0.113.20", 40)]
    [InlineData("2001:db8::20", 40)]
    public async Task What_fills_the_MTU_is_forwarded(string vip, int outer)
    {
        await Forwards(TcpFrameOf(1500 - outer, To(vip), 443), outer);
        await Forwards(TcpFrameOf(9000 - outer, To(vip), 443), outer, Jumbo);
    }

    [Theory]
    [InlineData("203.0.113.10", 20)]
    [InlineData("203.0.113.20", 40)]
    public async Task One_byte_more_without_DF_is_dropped(string vip, int outer)
    {
        await Drops(Reason.DropTooBig, TcpFrameOf(1501 - outer, To(vip) with { Fragment = 0 }, 443));
        await Drops(Reason.DropTooBig, TcpFrameOf(9001 - outer, To(vip) with { Fragment = 0 }, 443), Jumbo);
    }

    [Fact]
    public async Task An_unknown_next_hop_drops_only_what_would_go_there()
    {
        HostState no4 = RuleBench.Host with { NextHopV4 = null };
        await Drops(Reason.DropNoNextHop, TcpFrame(To("203.0.113.10"), 443), host: no4);
        await Forwards(TcpFrame(To("203.0.113.20"), 443), outerLength: 40, host: no4);
    }

    [Theory]
    [InlineData("203.0.113.10", 196, true)] // 256 bytes, less 40 that the kernel keeps for itself, less the header
    [InlineData("203.0.113.10", 200, false)]
    [InlineData("2001:db8::20", 176, true)]
    [InlineData("2001:db8::20", 180, false)]
    public async Task Without_headroom_for_the_outer_header_packets_are_dropped(string vip, int metadata, bool fits)
    {
        Observation actual = await SendBehind(metadata, TcpFrame(To(vip), 443));
        Assert.Equal(fits ? PacketAction.Tx : PacketAction.Drop, actual.Action);
        Assert.Equal(!fits, actual.Counted.Contains(new CounterDelta(CounterKind.Reason, (int)Reason.DropNoHeadroom, 1)));
    }

    [Fact]
    public async Task Packets_and_IP_bytes_are_counted_for_VIP_and_backend()
    {
        IpFields ip = To("2001:db8::20");
        Observation actual = await Forwards(TcpFrameOf(777, ip, 443), outerLength: 40);
        int row = 32 + Plan.Pools[1].Ring[(int)(HashOf(ip, 443).H1 >> 19)];
        CounterDelta[] wanted =
        [
            new(CounterKind.VipPackets, 1, 1), new(CounterKind.VipBytes, 1, 777),
            new(CounterKind.BackendPackets, row, 1), new(CounterKind.BackendBytes, row, 777),
        ];
        Assert.Equal(wanted, actual.Counted);
    }
}
