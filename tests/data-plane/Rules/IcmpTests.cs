using PacketDotNet;
using Weir.Compiler.Model;
using Weir.DataPlaneTests.Harness;
using Xunit;

namespace Weir.DataPlaneTests.Rules;

/// <summary><c>bpf/README.md</c>, section 4.</summary>
public sealed class IcmpTests(RuleBench bench) : PacketRules(bench)
{
    private const int Ip = 14;

    private static byte[] Message(IpFields ip, byte type, byte code, ReadOnlySpan<byte> body) =>
        FrameWriter.Frame(ip, (byte)(ip.IsV6 ? 58 : 1), FrameWriter.Icmp(ip, type, code, 0x00070001, body));

    /// <summary>What a backend sent to the client from the VIP.</summary>
    private static byte[] Quote(string vip, byte protocol = Tcp, ushort port = 443)
    {
        IpFields sent = new(To(vip).Destination, To(vip).Source);
        return FrameWriter.Packet(sent, protocol, FrameWriter.Transport(sent, protocol, port, Client, 20));
    }

    /// <summary>From a router on the way.</summary>
    private static IpFields Router(string vip) => To(vip) with { Source = System.Net.IPAddress.Parse(To(vip).IsV6 ? "2001:db8:f::1" : "192.0.2.1") };

    [Fact]
    public async Task An_IPv4_echo_request_is_answered()
    {
        byte[] body = [.. Enumerable.Range(0, 56).Select(at => (byte)at)];
        Observation actual = await Send(Message(To("203.0.113.30"), 8, 0, body));
        Assert.Equal(PacketAction.Tx, actual.Action);
        EthernetPacket frame = (EthernetPacket)Packet.ParsePacket(LinkLayers.Ethernet, [.. actual.Output]);
        Assert.Equal("020000000001", frame.SourceHardwareAddress.ToString());
        Assert.Equal("020000000002", frame.DestinationHardwareAddress.ToString());
        IPv4Packet ip = frame.Extract<IPv4Packet>();
        Assert.Equal(("203.0.113.30", "198.51.100.7", 64), (ip.SourceAddress.ToString(), ip.DestinationAddress.ToString(), ip.TimeToLive));
        Assert.True(ip.ValidIPChecksum);
        byte[] icmp = [.. actual.Output.AsSpan(Ip + 20)];
        Assert.Equal<byte>([0, 0, icmp[2], icmp[3], 0, 7, 0, 1, .. body], icmp);
        Assert.Equal(0, InternetChecksum.Of(icmp));
        Assert.Equal([new CounterDelta(CounterKind.Reason, (int)Reason.TxEchoReply, 1)], actual.Counted);
    }

    [Fact]
    public async Task An_IPv6_echo_request_is_answered()
    {
        Observation actual = await Send(Message(To("2001:db8::10"), 128, 0, [1, 2, 3]));
        Assert.Equal(PacketAction.Tx, actual.Action);
        IPv6Packet ip = Packet.ParsePacket(LinkLayers.Ethernet, [.. actual.Output]).Extract<IPv6Packet>();
        Assert.Equal(("2001:db8::10", "2001:db8:c::7", 64), (ip.SourceAddress.ToString(), ip.DestinationAddress.ToString(), ip.HopLimit));
        byte[] icmp = [.. actual.Output.AsSpan(Ip + 40)];
        Assert.Equal<byte>([129, 0, icmp[2], icmp[3], 0, 7, 0, 1, 1, 2, 3], icmp);
        ulong pseudo = InternetChecksum.PseudoHeaderV6(ip.SourceAddress.GetAddressBytes(), ip.DestinationAddress.GetAddressBytes(), icmp.Length, 58);
        Assert.Equal(0, InternetChecksum.Of(icmp, pseudo));
    }

    [Fact]
    public async Task Echo_requests_with_options_are_dropped()
    {
        await Drops(Reason.DropMalformed, Message(To("203.0.113.10") with { Options = [1, 1, 1, 0] }, 8, 0, []));
        await Drops(Reason.DropMalformed, Message(To("2001:db8::10") with { Extensions = [new Extension(60, [0, 0, 1, 4, 0, 0, 0, 0])] }, 128, 0, []));
    }

    [Theory]
    [InlineData("203.0.113.10", 8, 1)]
    [InlineData("203.0.113.10", 0, 0)]
    [InlineData("203.0.113.10", 5, 0)]
    [InlineData("203.0.113.10", 13, 0)]
    [InlineData("2001:db8::10", 128, 1)]
    [InlineData("2001:db8::10", 129, 0)]
    [InlineData("2001:db8::10", 0, 0)]
    [InlineData("2001:db8::10", 5, 0)]
    public async Task Other_types_are_not_served(string vip, byte type, byte code)
    {
        await Passes(Reason.PassNoService, Message(To(vip), type, code, new byte[20]));
        await Drops(Reason.DropNoService, Message(To(vip), type, code, new byte[20]), Strict);
    }

    [Fact]
    public async Task Neighbour_discovery_and_listener_reports_always_pass()
    {
        for (byte type = 130; type <= 137; type++)
        {
            await Passes(Reason.PassNoService, Message(To("2001:db8::10"), type, 0, new byte[20]), Strict);
        }

        await Drops(Reason.DropNoService, Message(To("2001:db8::10"), 138, 0, new byte[20]), Strict);
    }

    [Theory]
    [InlineData("203.0.113.10", 3)]
    [InlineData("203.0.113.10", 11)]
    [InlineData("203.0.113.10", 12)]
    [InlineData("2001:db8::10", 1)]
    [InlineData("2001:db8::10", 2)]
    [InlineData("2001:db8::10", 3)]
    [InlineData("2001:db8::10", 4)]
    public async Task An_error_goes_to_the_backend_of_the_flow_it_is_about(string vip, byte type)
    {
        Observation flow = await Forwards(TcpFrame(To(vip), 443));
        byte[] error = Message(Router(vip), type, 4, Quote(vip));
        Observation actual = await Forwards(error);
        Assert.Equal(flow.Output.AsSpan(Ip + 12, 8), actual.Output.AsSpan(Ip + 12, 8));
        Assert.Equal(error.AsSpan(Ip), actual.Output.AsSpan(Ip + 20));
        Assert.Contains(new CounterDelta(CounterKind.VipPackets, 2, 1), actual.Counted);
    }

    [Theory]
    [InlineData("203.0.113.10", 28)]
    [InlineData("2001:db8::10", 48)]
    public async Task Eight_quoted_bytes_of_transport_are_enough_and_seven_are_not(string vip, int enough)
    {
        byte type = (byte)(To(vip).IsV6 ? 1 : 3);
        await Forwards(Message(Router(vip), type, 1, Quote(vip).AsSpan(0, enough)));
        await Drops(Reason.DropIcmpInner, Message(Router(vip), type, 1, Quote(vip).AsSpan(0, enough - 1)));
    }

    [Fact]
    public async Task Quotes_of_what_we_did_not_send_are_dropped()
    {
        byte[] foreign = Quote("203.0.113.20");
        await Drops(Reason.DropIcmpInner, Message(Router("203.0.113.10"), 3, 1, foreign)); // another VIP's
        await Drops(Reason.DropIcmpInner, Message(Router("203.0.113.10"), 3, 1, Quote("203.0.113.10", port: 444))); // no service
        await Drops(Reason.DropIcmpInner, Message(Router("203.0.113.10"), 3, 1, Quote("203.0.113.10", Udp))); // other protocol
        await Drops(Reason.DropIcmpInner, Message(Router("203.0.113.10"), 3, 1, Quote("2001:db8::10"))); // other family
        await Drops(Reason.DropIcmpInner, Message(Router("203.0.113.10"), 3, 1, [])); // nothing
    }

    [Fact]
    public async Task Quoted_fragments_count_only_when_first()
    {
        byte[] first = Quote("203.0.113.10");
        first[6] = 0x20;
        await Forwards(Message(Router("203.0.113.10"), 3, 1, first));
        first[7] = 1;
        await Drops(Reason.DropIcmpInner, Message(Router("203.0.113.10"), 3, 1, first));
    }

    [Theory]
    [InlineData(0, true)]
    [InlineData(1, true)] // a first fragment
    [InlineData(8, false)] // a later one
    public async Task Extension_headers_of_quotes_are_followed(byte fragment, bool found)
    {
        IpFields sent = new(To("2001:db8::10").Destination, To("2001:db8::10").Source)
        {
            Extensions = [new Extension(60, [0, 0, 1, 4, 0, 0, 0, 0]), new Extension(44, [0, 0, 0, fragment, 1, 2, 3, 4])],
        };
        byte[] quote = FrameWriter.Packet(sent, Tcp, FrameWriter.Transport(sent, Tcp, 443, Client, 0));
        byte[] error = Message(Router("2001:db8::10"), 2, 0, quote);
        await (found ? Forwards(error) : Drops(Reason.DropIcmpInner, error));
    }

    [Fact]
    public Task An_error_that_is_too_big_is_not_answered() =>
        Drops(Reason.DropTooBig, Message(Router("203.0.113.10"), 3, 1, [.. Quote("203.0.113.10"), .. new byte[1450]]));
}
