using System.Buffers.Binary;
using Weir.Compiler.Model;
using Weir.Compiler.Planning;
using Weir.DataPlaneTests.Harness;
using Weir.Testing.Plans;
using Xunit;

namespace Weir.DataPlaneTests.Rules;

/// <summary><c>bpf/README.md</c>, section 3.5: every encapsulation, with either family inside and out. Bytes are the model's; what is asserted here beside them is
/// counted by hand.</summary>
public sealed class TunnelTests(RuleBench bench) : PacketRules(bench)
{
    private const int Ip = 14;

    /// <summary>Bytes between the outer IP header and the inner packet.</summary>
    private static readonly Dictionary<string, int> Extra = new(StringComparer.Ordinal)
    {
        ["ipip"] = 0, ["gre"] = 4, ["gre-key"] = 8, ["gre-sum"] = 8, ["gre-key-sum"] = 12, ["gue"] = 12, ["gue1"] = 8, ["vxlan"] = 30, ["geneve"] = 30, ["geneve-options"] = 50, ["geneve-options-sum"] = 38,
    };

    public static TheoryData<string> Names { get; } = [.. TunnelPlans.Cases.Keys];

    public static TheoryData<bool> Sources { get; } = [true, false];

    [Theory]
    [MemberData(nameof(Names))]
    public async Task Every_packet_that_a_flow_may_have_is_encapsulated(string name)
    {
        foreach (int mtu in (int[])[1500, 9000])
        {
            SitePlan plan = TunnelPlans.All(name, mtu);
            foreach ((string vip, ushort port) in ((string, ushort)[])[("203.0.113.10", 443), ("2001:db8::10", 443), ("203.0.113.20", 7), ("2001:db8::20", 7)])
            {
                int outer = ExtraOf(name) + (port == 7 ? 40 : 20);
                IpFields ip = To(vip);
                foreach (int payload in (int[])[0, 1, 63, 64, 65, 700])
                {
                    await Forwards(TcpFrame(ip with { TrafficClass = 0xb9 }, port, payload), outer, plan);
                }

                int room = plan.Mtu - outer;
                await Forwards(TcpFrameOf(room, ip, port), outer, plan);
                Observation answer = await Send(TcpFrameOf(room + 1, ip, port), plan);
                Assert.Equal([new CounterDelta(CounterKind.Reason, (int)Reason.TxTooBig, 1)], answer.Counted);
            }
        }
    }

    [Theory]
    [MemberData(nameof(Names))]
    public async Task What_has_no_checksum_is_added_up(string name)
    {
        SitePlan plan = TunnelPlans.All(name);
        int outer = ExtraOf(name) + 20;
        foreach (string vip in (string[])["203.0.113.10", "2001:db8::10"])
        {
            IpFields ip = To(vip);
            for (int payload = 12; payload < 150; payload += 17)
            {
                byte[] datagram = FrameWriter.Transport(ip, Udp, Client, 53, payload);
                await Forwards(FrameWriter.Frame(ip, Udp, datagram, 0x8100), outer, plan);
                datagram[6] = datagram[7] = 0;
                await Forwards(FrameWriter.Frame(ip, Udp, datagram), outer, plan);
                await Forwards(FrameWriter.Frame(ip, Udp, datagram, 0x88a8, 0x8100), outer, plan);
            }
        }

        IpFields options = To("203.0.113.10") with { Options = [7, 7, 4, 0, 1, 1, 1, 0] };
        await Forwards(TcpFrame(options, 443, 33), outer, plan);
        IpFields extended = To("2001:db8::10") with { Extensions = [new Extension(60, [0, 0, 1, 4, 0, 0, 0, 0])] };
        await Forwards(TcpFrame(extended, 443, 33), outer, plan);
        await Forwards([.. TcpFrame(To("203.0.113.10"), 443), 9, 8, 7], outer, plan); // padding is not the packet's
        byte[] quoted = FrameWriter.Packet(new IpFields(To("203.0.113.10").Destination, To("203.0.113.10").Source), Tcp, FrameWriter.Transport(To("203.0.113.10"), Tcp, 443, Client, 3));
        IpFields router = new(System.Net.IPAddress.Parse("192.0.2.1"), To("203.0.113.10").Destination);
        await Forwards(FrameWriter.Frame(router, 1, FrameWriter.Icmp(router, 3, 1, 0, quoted)), outer, plan);
    }

    /// <summary>Over a valid packet the shortcut by the inner checksum and the sum over every byte are the same.</summary>
    [Theory]
    [InlineData("gue-sum", "203.0.113.10", 443, true)]
    [InlineData("gue", "2001:db8::20", 7, true)]
    [InlineData("gue", "2001:db8::10", 443, false)]
    [InlineData("gue1-sum", "2001:db8::10", 443, true)]
    [InlineData("vxlan-sum", "203.0.113.20", 7, true)]
    [InlineData("vxlan-zero", "203.0.113.20", 7, false)]
    [InlineData("geneve-options-sum", "2001:db8::10", 443, true)]
    public async Task The_outer_checksum_is_right_or_zero(string name, string vip, ushort port, bool filled)
    {
        bool outerV6 = port == 7;
        SitePlan plan = TunnelPlans.All(name);
        for (int payload = 0; payload < 40; payload++)
        {
            Observation sent = await Forwards(TcpFrame(To(vip), port, payload), ExtraOf(name) + (outerV6 ? 40 : 20), plan);
            byte[] packet = sent.Output[Ip..];
            int udp = outerV6 ? 40 : 20;
            byte[] pseudo = [.. outerV6 ? packet[8..40] : packet[12..20], 0, 17, .. packet[(udp + 4)..(udp + 6)]];
            Assert.Equal(packet.Length - udp, BinaryPrimitives.ReadUInt16BigEndian(packet.AsSpan(udp + 4)));
            if (filled)
            {
                Assert.Equal(0, InternetChecksum.Of(packet.AsSpan(udp), InternetChecksum.Sum(pseudo)));
            }
            else
            {
                Assert.Equal([0, 0], packet[(udp + 6)..(udp + 8)]);
            }
        }
    }

    /// <summary>One program with five kinds, rows of 24 bytes.</summary>
    [Theory]
    [MemberData(nameof(Sources))]
    public async Task Backends_of_a_pool_may_each_have_their_own(bool sources)
    {
        SitePlan plan = TunnelPlans.Mixed(sources);
        HashSet<int> lengths = [];
        for (ushort client = 1; client < 40; client++)
        {
            foreach ((string vip, ushort port) in ((string, ushort)[])[("203.0.113.10", 443), ("2001:db8::20", 7)])
            {
                byte[] frame = FrameWriter.Frame(To(vip), Tcp, FrameWriter.Transport(To(vip), Tcp, client, port, 5));
                lengths.Add((await Send(frame, plan)).Output.Length - frame.Length);
            }
        }

        Assert.Equal([28, 50, 52, 90], lengths.Order());
    }

    /// <summary>The same with rows of 8 bytes: IPv4 backends alone.</summary>
    [Theory]
    [MemberData(nameof(Sources))]
    public async Task Short_rows_tell_encapsulations_apart_too(bool sources)
    {
        SitePlan plan = TunnelPlans.Mixed(sources);
        plan = plan with
        {
            Pools = plan.Pools.RemoveAt(1),
            Vips = [.. plan.Vips.Where(vip => vip.Pool != 1).Select(vip => vip with { Pool = vip.Pool > 1 ? vip.Pool - 1 : vip.Pool })],
        };
        HashSet<int> lengths = [];
        for (ushort client = 1; client < 40; client++)
        {
            byte[] frame = FrameWriter.Frame(To("203.0.113.10"), Tcp, FrameWriter.Transport(To("203.0.113.10"), Tcp, client, 443, 5));
            lengths.Add((await Send(frame, plan)).Output.Length - frame.Length);
        }

        Assert.Equal([28, 50], lengths.Order());
    }

    /// <summary>Without what only says how checksums are.</summary>
    /// <summary>Bytes between the outer IP header and the packet as it came.</summary>
    internal static int ExtraOf(string name) => Extra.TryGetValue(name, out int extra) ? extra : Extra[name[..name.LastIndexOf('-')]];
}
