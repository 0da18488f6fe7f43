using Weir.Compiler.Model;
using Weir.DataPlaneTests.Harness;
using Xunit;

namespace Weir.DataPlaneTests.Rules;

/// <summary><c>bpf/README.md</c>, section 2.</summary>
public sealed class DestinationTests(RuleBench bench) : PacketRules(bench)
{
    private const int Ip = 14;

    [Theory]
    [InlineData("203.0.113.11")]
    [InlineData("203.0.112.10")]
    [InlineData("2001:db8::11")]
    [InlineData("2001:db8:0:1::10")]
    public Task An_address_that_is_no_VIPs_passes(string address) => Passes(Reason.PassNoVip, TcpFrame(To(address), 443));

    [Fact]
    public async Task Nobody_checks_packets_that_are_for_somebody_else()
    {
        byte[] fragment = TcpFrame(To("203.0.113.11") with { Fragment = 0x2000 }, 443);
        fragment[Ip] = 0x51;
        await Passes(Reason.PassNoVip, fragment);
    }

    [Theory]
    [InlineData(0, 0x65)] // version
    [InlineData(0, 0x44)] // header length below 20
    [InlineData(0, 0x4f)] // header length beyond the total length
    [InlineData(3, 51)] // total length beyond the frame
    [InlineData(3, 19)] // total length below the header's
    public async Task IPv4_lengths_that_contradict_each_other_are_dropped(int at, byte value)
    {
        byte[] frame = TcpFrame(To("203.0.113.10"), 443);
        Assert.Equal(14 + 50, frame.Length);
        frame[Ip + at] = value;
        await Drops(Reason.DropMalformed, frame);
    }

    [Theory]
    [InlineData(0, 0x45)] // version
    [InlineData(5, 31)] // payload length beyond the frame
    public async Task IPv6_lengths_that_contradict_the_frame_are_dropped(int at, byte value)
    {
        byte[] frame = TcpFrame(To("2001:db8::10"), 443);
        Assert.Equal(14 + 40 + 30, frame.Length);
        frame[Ip + at] = value;
        await Drops(Reason.DropMalformed, frame);
    }

    [Fact]
    public async Task Padding_travels_along_and_is_not_counted()
    {
        byte[] frame = [.. TcpFrame(To("203.0.113.10"), 443, payload: 0), 1, 2, 3, 4, 5, 6];
        Observation actual = await Forwards(frame);
        Assert.Equal(frame.AsSpan(Ip), actual.Output.AsSpan(Ip + 20));
        Assert.Equal<byte>([0, 60], actual.Output.AsSpan(Ip + 2, 2));
        Assert.Contains(new CounterDelta(CounterKind.VipBytes, 2, 40), actual.Counted);
    }

    [Theory]
    [InlineData(0x2000)]
    [InlineData(0x0001)]
    [InlineData(0x3fff)]
    public Task IPv4_fragments_are_dropped(ushort flags) => Drops(Reason.DropFragment, TcpFrame(To("203.0.113.10") with { Fragment = flags }, 443));

    [Fact]
    public Task The_reserved_flag_makes_no_fragment() => Forwards(TcpFrame(To("203.0.113.10") with { Fragment = 0x8000 }, 443));

    [Theory]
    [InlineData("203.0.113.10", Tcp, 19)]
    [InlineData("203.0.113.10", Udp, 7)]
    [InlineData("203.0.113.10", 1, 7)]
    [InlineData("2001:db8::10", Tcp, 19)]
    [InlineData("2001:db8::10", Udp, 7)]
    [InlineData("2001:db8::10", 58, 7)]
    public async Task A_transport_header_that_is_cut_is_dropped(string vip, byte protocol, int length)
    {
        IpFields ip = To(vip);
        await Drops(Reason.DropMalformed, FrameWriter.Frame(ip, protocol, new byte[length]));
    }

    [Theory]
    [InlineData(Tcp, 443, true)]
    [InlineData(Tcp, 442, false)]
    [InlineData(Tcp, 444, false)]
    [InlineData(Tcp, 7999, false)]
    [InlineData(Tcp, 8000, true)]
    [InlineData(Tcp, 8099, true)]
    [InlineData(Tcp, 8100, false)]
    [InlineData(Udp, 53, true)]
    [InlineData(Udp, 443, false)]
    [InlineData(Tcp, 53, false)]
    public async Task Ports_are_served_by_protocol_and_range(byte protocol, ushort port, bool served)
    {
        foreach (string vip in new[] { "203.0.113.10", "2001:db8::10" })
        {
            IpFields ip = To(vip);
            byte[] frame = FrameWriter.Frame(ip, protocol, FrameWriter.Transport(ip, protocol, Client, port, 3));
            if (served)
            {
                await Forwards(frame);
                continue;
            }

            await Passes(Reason.PassNoService, frame);
            await Drops(Reason.DropNoService, frame, Strict);
        }
    }

    [Theory]
    [InlineData(0)]
    [InlineData(65535)]
    public async Task All_ports_of_a_protocol_are_served(ushort port)
    {
        await Forwards(TcpFrame(To("203.0.113.20"), port), outerLength: 40);
        await Forwards(TcpFrame(To("2001:db8::20"), port), outerLength: 40);
    }

    [Theory]
    [InlineData("203.0.113.10", 132)]
    [InlineData("203.0.113.10", 58)]
    [InlineData("203.0.113.10", 4)]
    [InlineData("2001:db8::10", 132)]
    [InlineData("2001:db8::10", 1)]
    [InlineData("2001:db8::10", 59)]
    public async Task Other_protocols_are_not_served(string vip, byte protocol)
    {
        byte[] frame = FrameWriter.Frame(To(vip), protocol, new byte[4]);
        await Passes(Reason.PassNoService, frame);
        await Drops(Reason.DropNoService, frame, Strict);
    }
}
