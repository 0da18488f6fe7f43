using System.Net;
using Weir.Compiler.Model;
using Weir.Compiler.Planning;
using Weir.DataPlaneTests.Harness;
using Weir.Testing.Plans;
using Xunit;

namespace Weir.DataPlaneTests.Rules;

/// <summary><c>bpf/README.md</c>, section 2: ranges of addresses, folded into code and hashed.</summary>
public sealed class RangeTests(RuleBench bench) : PacketRules(bench)
{
    private static readonly SitePlan Folded = ExamplePlans.Ranges(hashed: false);
    private static readonly SitePlan Hashed = ExamplePlans.Ranges(hashed: true);

    public static TheoryData<bool, string> Inside { get; } = new(
        from hashed in new[] { false, true }
        from address in new[] { "203.0.113.0", "203.0.113.10", "203.0.113.77", "203.0.113.255", "2001:db8::", "2001:db8::10", "2001:db8::4000", "2001:db8::ffff:ffff:ffff:ffff" }
        select (hashed, address));

    public static TheoryData<bool, string> Outside { get; } = new(
        from hashed in new[] { false, true }
        from address in new[] { "203.0.112.255", "203.0.114.0", "2001:db7:ffff:ffff:ffff:ffff:ffff:ffff", "2001:db8:0:1::" }
        select (hashed, address));

    [Theory]
    [MemberData(nameof(Inside))]
    public Task Every_address_of_a_range_is_served(bool hashed, string address) => Forwards(TcpFrame(To(address), 9000), plan: Plan(hashed));

    [Theory]
    [MemberData(nameof(Outside))]
    public Task An_address_beside_a_range_is_no_VIPs(bool hashed, string address) => Passes(Reason.PassNoVip, TcpFrame(To(address), 9000), Plan(hashed));

    [Theory]
    [InlineData(false, "203.0.113.64")]
    [InlineData(false, "2001:db8::4fff")]
    [InlineData(true, "203.0.113.79")]
    [InlineData(true, "2001:db8::4000")]
    public async Task A_range_within_a_range_serves_its_ports_and_those_around_it(bool hashed, string address)
    {
        Observation actual = await Forwards(TcpFrame(To(address), 9100), 40, Plan(hashed));
        Assert.Contains(new CounterDelta(CounterKind.VipPackets, 0, 1), actual.Counted);
        await Forwards(TcpFrame(To(address), 9000), plan: Plan(hashed));
        await Passes(Reason.PassNoService, TcpFrame(To(address), 443), Plan(hashed));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_single_address_within_a_range_serves_both(bool hashed)
    {
        await Forwards(TcpFrame(To("203.0.113.10"), 443), plan: Plan(hashed));
        await Passes(Reason.PassNoService, TcpFrame(To("203.0.113.11"), 443), Plan(hashed));
        await Passes(Reason.PassNoService, TcpFrame(To("203.0.113.80"), 9100), Plan(hashed));
    }

    [Theory]
    [InlineData(false, "203.0.113.200")]
    [InlineData(false, "2001:db8::1:2:3")]
    [InlineData(true, "203.0.113.200")]
    [InlineData(true, "2001:db8::1:2:3")]
    public async Task Echo_requests_and_errors_are_treated_as_for_a_single_address(bool hashed, string address)
    {
        IpFields ip = To(address);
        byte icmp = ip.IsV6 ? (byte)58 : (byte)1;
        Observation reply = await Send(FrameWriter.Frame(ip, icmp, FrameWriter.Icmp(ip, (byte)(ip.IsV6 ? 128 : 8), 0, 7, new byte[20])), Plan(hashed));
        Assert.Equal(PacketAction.Tx, reply.Action);
        Assert.Equal([new CounterDelta(CounterKind.Reason, (int)Reason.TxEchoReply, 1)], reply.Counted);

        IpFields reversed = new(ip.Destination, ip.Source);
        byte[] quote = FrameWriter.Packet(reversed, Tcp, FrameWriter.Transport(reversed, Tcp, 9000, Client, 12));
        byte[] error = FrameWriter.Frame(ip, icmp, FrameWriter.Icmp(ip, (byte)(ip.IsV6 ? 1 : 3), 1, 0, quote));
        await Forwards(error, plan: Plan(hashed));
        IpFields neighbour = reversed with { Source = To(ip.IsV6 ? "2001:db8::1:2:4" : "203.0.113.201").Destination };
        byte[] foreign = FrameWriter.Packet(neighbour, Tcp, FrameWriter.Transport(neighbour, Tcp, 9000, Client, 12));
        await Drops(Reason.DropIcmpInner, FrameWriter.Frame(ip, icmp, FrameWriter.Icmp(ip, (byte)(ip.IsV6 ? 1 : 3), 1, 0, foreign)), Plan(hashed));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Proof_packets_probe_the_edges_of_ranges(bool hashed)
    {
        HashSet<IPAddress> probed = [];
        foreach (ProofPacket packet in ProofPackets.For(Plan(hashed)))
        {
            await Send([.. packet.Frame], Plan(hashed));
            if (packet.Frame.Length > 34 && packet.Frame[12] == 8)
            {
                probed.Add(new IPAddress(packet.Frame.AsSpan(30, 4)));
            }
        }

        Assert.Superset(new HashSet<IPAddress>(new[] { "203.0.113.0", "203.0.113.128", "203.0.113.255", "203.0.112.255", "203.0.114.0", "203.0.113.64", "203.0.113.79" }.Select(IPAddress.Parse)), probed);
    }

    private static new SitePlan Plan(bool hashed) => hashed ? Hashed : Folded;
}
