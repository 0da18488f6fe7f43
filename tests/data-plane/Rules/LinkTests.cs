using System.Collections.Immutable;
using System.Net;
using System.Net.NetworkInformation;
using Weir.Compiler.Model;
using Weir.Compiler.Planning;
using Weir.Compiler.Topologies;
using Weir.DataPlaneTests.Harness;
using Weir.Testing.Plans;
using Xunit;

namespace Weir.DataPlaneTests.Rules;

/// <summary><c>bpf/README.md</c>, section 3.5: delivery without an outer header.</summary>
public sealed class LinkTests(RuleBench bench) : PacketRules(bench)
{
    private static readonly PhysicalAddress Stated = PhysicalAddress.Parse("02-00-00-00-0B-01"), Resolved = PhysicalAddress.Parse("02-00-00-00-0B-02");

    /// <summary>The first of each pool has its MAC in the plan, the second is found out by the host.</summary>
    private static readonly SitePlan OnLink = Of(EncapsulationType.L2, all: true);
    private static readonly SitePlan Mixed = Of(EncapsulationType.L2, all: false);
    private static readonly SitePlan Local = Of(EncapsulationType.Local, all: true);
    private static readonly SitePlan Jumbo = OnLink with { Mtu = 9000 };

    private static readonly HostState Knows = RuleBench.Host with
    {
        Links = ImmutableDictionary<IPAddress, PhysicalAddress>.Empty.Add(IPAddress.Parse("10.1.0.12"), Resolved).Add(IPAddress.Parse("fd00:1::12"), Resolved),
    };

    public static TheoryData<string, ushort> Vips { get; } = new() { { "203.0.113.10", 443 }, { "2001:db8::10", 443 }, { "203.0.113.20", 7 }, { "2001:db8::20", 7 } };

    [Theory]
    [MemberData(nameof(Vips))]
    public async Task Only_the_macs_change(string vip, ushort port)
    {
        HashSet<string> seen = [];
        foreach (SitePlan plan in new[] { OnLink, Jumbo })
        {
            for (ushort client = 1; client < 20; client++)
            {
                IpFields ip = To(vip);
                foreach (byte[] frame in new[] { FrameWriter.Frame(ip, Tcp, FrameWriter.Transport(ip, Tcp, client, port, 3)), FrameWriter.Frame(ip, Tcp, FrameWriter.Transport(ip, Tcp, client, port, 3), 0x88a8, 0x8100) })
                {
                    Observation actual = await Send(frame, plan, Knows);
                    Assert.Equal(PacketAction.Tx, actual.Action);
                    Assert.Equal(frame[12..], actual.Output[12..]);
                    Assert.Equal(frame[..6], actual.Output[6..12]);
                    seen.Add(Convert.ToHexString(actual.Output[..6]));
                }
            }
        }

        Assert.Equal([Stated.ToString(), Resolved.ToString()], seen.Order());
    }

    [Fact]
    public async Task A_mac_that_is_not_known_is_a_counted_drop()
    {
        HashSet<PacketAction> seen = [];
        for (ushort client = 1; client < 20; client++)
        {
            IpFields ip = To("203.0.113.10");
            Observation actual = await Send(FrameWriter.Frame(ip, Tcp, FrameWriter.Transport(ip, Tcp, client, 443, 3)), OnLink);
            seen.Add(actual.Action);
            Assert.True(actual.Action == PacketAction.Tx || actual.Counted is [{ Kind: CounterKind.Reason, Index: (int)Reason.DropNoLink, By: 1 }]);
        }

        Assert.Equal([PacketAction.Drop, PacketAction.Tx], seen.Order());
    }

    [Fact]
    public async Task Kinds_may_be_mixed()
    {
        HashSet<int> growth = [];
        for (ushort client = 1; client < 20; client++)
        {
            foreach ((string vip, ushort port) in new[] { ("203.0.113.10", (ushort)443), ("2001:db8::20", (ushort)7) })
            {
                IpFields ip = To(vip);
                byte[] frame = FrameWriter.Frame(ip, Tcp, FrameWriter.Transport(ip, Tcp, client, port, 3));
                growth.Add((await Send(frame, Mixed, Knows)).Output.Length - frame.Length);
            }
        }

        Assert.Equal([0, 20, 40], growth.Order());
    }

    /// <summary>Nothing is put in front, so that the MTU is the packet's alone.</summary>
    [Fact]
    public async Task The_whole_mtu_is_the_packets_own()
    {
        Assert.Equal(PacketAction.Tx, (await Send(TcpFrameOf(1500, To("203.0.113.10"), 8000), OnLink, Knows)).Action);
        Observation larger = await Send(TcpFrameOf(1501, To("203.0.113.10"), 8000), OnLink, Knows);
        Assert.Equal([new CounterDelta(CounterKind.Reason, (int)Reason.TxTooBig, 1)], larger.Counted);
        Assert.Equal(1500, (larger.Output[40] << 8) | larger.Output[41]);
    }

    [Theory]
    [MemberData(nameof(Vips))]
    public async Task A_local_backend_is_the_host_itself(string vip, ushort port)
    {
        foreach (int payload in new[] { 0, 1800 })
        {
            byte[] frame = TcpFrame(To(vip), port, payload);
            Observation actual = await Send(frame, Local);
            Assert.Equal(PacketAction.Pass, actual.Action);
            Assert.Equal(frame, actual.Output);
            Assert.Equal(4, actual.Counted.Length);
            Assert.DoesNotContain(actual.Counted, delta => delta.Kind == CounterKind.Reason);
        }
    }

    private static SitePlan Of(EncapsulationType type, bool all)
    {
        SitePlan plan = ExamplePlans.Small();
        EncapsulationPlan bare = new(type, null, null);
        return plan with
        {
            Encapsulations = all ? [bare] : [plan.Encapsulations[0], bare],
            Pools =
            [
                .. plan.Pools.Select(pool => pool with
                {
                    Backends = [.. pool.Backends.Select((backend, index) => backend with { Mac = index == 0 && type == EncapsulationType.L2 ? Stated : null, Encapsulation = all ? 0 : 1 - index })],
                }),
            ],
        };
    }
}
