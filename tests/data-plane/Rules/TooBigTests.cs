using System.Buffers.Binary;
using PacketDotNet;
using Weir.Compiler.Model;
using Weir.Compiler.Planning;
using Weir.DataPlaneTests.Harness;
using Weir.Testing.Plans;
using Xunit;

namespace Weir.DataPlaneTests.Rules;

/// <summary><c>bpf/README.md</c>, section 5.</summary>
public sealed class TooBigTests(RuleBench bench) : PacketRules(bench)
{
    private const int Ip = 14;
    private static readonly SitePlan Jumbo = ExamplePlans.Small(mtu: 9000);

    [Theory]
    [InlineData("203.0.113.10", 1480)]
    [InlineData("203.0.113.20", 1460)]
    public async Task IPv4_with_DF_is_told_the_MTU(string vip, int fits)
    {
        byte[] frame = TcpFrameOf(fits + 1, To(vip), 443);
        Observation actual = await Send(frame);
        Assert.Equal(PacketAction.Tx, actual.Action);
        Assert.Equal([new CounterDelta(CounterKind.Reason, (int)Reason.TxTooBig, 1)], actual.Counted);
        Assert.Equal(Ip + 576, actual.Output.Length);
        byte[] packet = [.. actual.Output.AsSpan(Ip)];
        byte[] wanted =
        [
            0x45, 0, 576 >> 8, 576 & 0xff, 0, 0, 0x40, 0, 64, 1, packet[10], packet[11],
            .. To(vip).Destination.GetAddressBytes(), .. To(vip).Source.GetAddressBytes(),
            3, 4, packet[22], packet[23], 0, 0, (byte)(fits >> 8), (byte)fits, .. frame[Ip..(Ip + 548)],
        ];
        Assert.Equal(wanted, packet);
        Assert.Equal(0, InternetChecksum.Of(packet.AsSpan(20)));
        EthernetPacket parsed = (EthernetPacket)Packet.ParsePacket(LinkLayers.Ethernet, [.. actual.Output]);
        Assert.True(parsed.Extract<IPv4Packet>().ValidIPChecksum);
        Assert.Equal(("020000000001", "020000000002"), (parsed.SourceHardwareAddress.ToString(), parsed.DestinationHardwareAddress.ToString()));
    }

    [Theory]
    [InlineData("2001:db8::10", 1480)]
    [InlineData("2001:db8::20", 1460)]
    public async Task IPv6_is_told_the_MTU(string vip, int fits)
    {
        byte[] frame = TcpFrameOf(fits + 1, To(vip), 443);
        Observation actual = await Send(frame);
        Assert.Equal(PacketAction.Tx, actual.Action);
        Assert.Equal(Ip + 1280, actual.Output.Length);
        byte[] packet = [.. actual.Output.AsSpan(Ip)];
        byte[] from = To(vip).Destination.GetAddressBytes();
        byte[] to = To(vip).Source.GetAddressBytes();
        byte[] wanted =
        [
            0x60, 0, 0, 0, 1240 >> 8, 1240 & 0xff, 58, 64, .. from, .. to,
            2, 0, packet[42], packet[43], 0, 0, (byte)(fits >> 8), (byte)fits, .. frame[Ip..(Ip + 1232)],
        ];
        Assert.Equal(wanted, packet);
        Assert.Equal(0, InternetChecksum.Of(packet.AsSpan(40), InternetChecksum.PseudoHeaderV6(from, to, 1240, 58)));
    }

    [Fact]
    public async Task Tags_are_kept_and_nothing_follows()
    {
        IpFields ip = To("203.0.113.10");
        byte[] frame = FrameWriter.Frame(ip, Tcp, FrameWriter.Transport(ip, Tcp, Client, 443, 1450), 0x88a8, 0x8100);
        Observation actual = await Send([.. frame, 1, 2, 3]);
        Assert.Equal(22 + 576, actual.Output.Length);
        Assert.Equal(frame.AsSpan(12, 10), actual.Output.AsSpan(12, 10));
    }

    [Theory]
    [InlineData("203.0.113.10", 8980, 576)]
    [InlineData("2001:db8::20", 8960, 1280)]
    public async Task Frames_in_several_buffers_are_answered_too(string vip, int fits, int length)
    {
        byte[] frame = TcpFrameOf(fits + 1, To(vip), 443);
        Observation actual = await Send(frame, Jumbo);
        Assert.Equal(PacketAction.Tx, actual.Action);
        Assert.Equal(Ip + length, actual.Output.Length);
        int icmp = Ip + (length == 576 ? 20 : 40);
        Assert.Equal(fits, BinaryPrimitives.ReadUInt16BigEndian(actual.Output.AsSpan(icmp + 6)));
    }

    [Fact]
    public async Task Beyond_the_limit_nothing_is_answered()
    {
        HostState limited = RuleBench.Host with { AnswersTooBig = false };
        await Drops(Reason.DropTooBigLimited, TcpFrameOf(1481, To("203.0.113.10"), 443), host: limited);
        await Drops(Reason.DropTooBigLimited, TcpFrameOf(1481, To("2001:db8::10"), 443), host: limited);
    }
}
