using System.Buffers.Binary;
using System.Net;
using Weir.Applier.Decap;
using Weir.Compiler.Model;
using Weir.Compiler.Model.Strips;
using Weir.Compiler.Planning;
using Weir.Compiler.Topologies;
using Weir.DataPlaneTests.Harness;
using Weir.DataPlaneTests.Rules;
using Weir.Testing.Plans;
using Xunit;

namespace Weir.DataPlaneTests.Strips;

/// <summary><c>bpf/README.md</c>, section 8, on a load balancer.</summary>
public sealed class HandoverTests(RuleBench bench) : PacketRules(bench)
{
    private static readonly Decapsulation All = new(
        [IPAddress.Parse("10.10.0.1"), IPAddress.Parse("fd00:10::1")],
        [IPNetwork.Parse("10.20.0.0/24"), IPNetwork.Parse("fd00:10::/64")],
        DecapObject.Types);

    private static readonly SitePlan Taking = ExamplePlans.Small() with { Decapsulate = All };
    private static readonly SitePlan OnlyGre = ExamplePlans.Small() with { Decapsulate = All with { Types = [EncapsulationType.Gre], Addresses = [IPAddress.Parse("10.10.0.1")] } };
    private static readonly SitePlan Jumbo = ExamplePlans.Small(mtu: 9000) with { Decapsulate = All };
    private static readonly SitePlan Narrow = ExamplePlans.OneFamily(System.Net.Sockets.AddressFamily.InterNetwork) with { Decapsulate = All };

    /// <summary>Both backends of <c>web</c> and the first of <c>six</c> are load balancers themselves.</summary>
    private static readonly SitePlan Chained = Taking with
    {
        Pools = [Taking.Pools[0], Marked(Taking.Pools[1], 1), Marked(Taking.Pools[2], 2)],
    };

    public static TheoryData<bool, bool> Families { get; } = new() { { false, false }, { false, true }, { true, false }, { true, true } };

    [Theory]
    [MemberData(nameof(Families))]
    public async Task What_is_handed_over_is_balanced_as_if_it_had_arrived_so(bool outerV6, bool innerV6)
    {
        byte[] inner = Encapsulated.Inner(innerV6);
        byte[] plain = FrameWriter.Frame(innerV6 ? (ushort)0x86dd : (ushort)0x0800, inner);
        Observation expected = await Forwards(plain, plan: Taking);
        foreach ((string name, byte[] frame) in Encapsulated.All(outerV6, inner))
        {
            if (outerV6 && name.EndsWith("without checksum", StringComparison.Ordinal))
            {
                await Drops(Reason.DropDecapChecksum, frame, Taking);
                continue;
            }

            foreach (SitePlan plan in new[] { Taking, Jumbo })
            {
                Observation actual = await Send(frame, plan);
                Assert.True(actual.Action == PacketAction.Tx && expected.Output.AsSpan().SequenceEqual(actual.Output), name);
                Assert.Equal(expected.Counted, actual.Counted);
            }

            byte[] tagged = [.. frame[..12], 0x81, 0, 0, 100, .. frame[12..]];
            Assert.Equal(PacketAction.Tx, (await Send(tagged, Taking)).Action);
        }
    }

    [Theory]
    [MemberData(nameof(Families))]
    public async Task Broken_packets_of_any_length_and_with_any_wrong_bit_are_treated_as_the_rules_say(bool outerV6, bool innerV6)
    {
        foreach ((string name, byte[] frame) in Encapsulated.All(outerV6, Encapsulated.Inner(innerV6, 0)).Where(way => !way.Name.EndsWith("without checksum", StringComparison.Ordinal)))
        {
            for (int length = 14; length < frame.Length; length++)
            {
                Assert.True((await Send(frame[..length], Taking)).Action != PacketAction.Tx, $"{name} cut to {length}");
            }

            for (int bit = 12 * 8; bit < Math.Min(frame.Length, 110) * 8; bit++)
            {
                frame[bit / 8] ^= (byte)(0x80 >> (bit % 8));
                await Send(frame, Taking);
                frame[bit / 8] ^= (byte)(0x80 >> (bit % 8));
            }
        }
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Who_may_not_send_is_not_heard(bool outerV6)
    {
        IpFields ip = Encapsulated.Outer(outerV6) with { Source = IPAddress.Parse(outerV6 ? "fd00:11::7" : "10.21.0.7") };
        foreach ((_, string name, byte[] frame) in EncapsulatedFrames.All(ip, Encapsulated.Inner(v6: false)))
        {
            Assert.Equal(PacketAction.Drop, (await Send(frame, Taking)).Action);
            await Drops(Reason.DropDecapSender, frame, Taking);
        }
    }

    [Fact]
    public async Task Other_destinations_and_types_are_not_looked_at()
    {
        byte[] inner = Encapsulated.Inner(v6: false);
        IpFields elsewhere = Encapsulated.Outer(v6: false) with { Destination = IPAddress.Parse("10.10.0.2") };
        foreach ((EncapsulationType type, _, byte[] frame) in EncapsulatedFrames.All(elsewhere, inner))
        {
            await Passes(Reason.PassNoVip, frame, Taking);
        }

        foreach ((EncapsulationType type, string name, byte[] frame) in EncapsulatedFrames.All(Encapsulated.Outer(v6: false), inner))
        {
            if (type == EncapsulationType.Gre)
            {
                Assert.Equal(PacketAction.Tx, (await Send(frame, OnlyGre)).Action);
            }
            else
            {
                await Passes(Reason.PassNoVip, frame, OnlyGre);
            }
        }
    }

    [Fact]
    public async Task Fragments_congestion_and_wrong_checksums_have_their_reasons()
    {
        byte[] inner = Encapsulated.Inner(v6: false);
        IpFields ip = Encapsulated.Outer(v6: false);
        await Drops(Reason.DropFragment, FrameWriter.Frame(ip with { Fragment = 0x2000 }, EncapsulatedFrames.Ipip, inner), Taking);
        await Drops(Reason.DropDecapEcn, FrameWriter.Frame(ip with { TrafficClass = 3 }, EncapsulatedFrames.Ipip, inner), Taking);
        await Drops(Reason.DropDecapMalformed, FrameWriter.Frame(ip, EncapsulatedFrames.Ipip, inner.AsSpan(0, 19)), Taking);
        byte[] wrong = FrameWriter.Frame(ip, EncapsulatedFrames.Gre, EncapsulatedFrames.GreHeader(inner, 0x8000));
        wrong[^1] ^= 1;
        await Drops(Reason.DropDecapChecksum, wrong, Taking);
    }

    /// <summary>A packet inside for nobody here goes up to the host, without its outer headers.</summary>
    [Fact]
    public async Task What_is_for_no_vip_passes_stripped()
    {
        IpFields other = new(IPAddress.Parse("198.51.100.7"), IPAddress.Parse("192.0.2.1"));
        byte[] inner = FrameWriter.Packet(other, Tcp, FrameWriter.Transport(other, Tcp, 1, 2, 3));
        Observation actual = await Send(FrameWriter.Frame(Encapsulated.Outer(v6: true), EncapsulatedFrames.Ipip, inner), Taking);
        Assert.Equal(PacketAction.Pass, actual.Action);
        Assert.Equal(inner, actual.Output[14..]);
        Assert.Equal([new CounterDelta(CounterKind.Reason, (int)Reason.PassNoVip, 1)], actual.Counted);

        // A family that no VIP has is stripped all the same.
        Observation six = await Send(FrameWriter.Frame(Encapsulated.Outer(v6: true), EncapsulatedFrames.Ipv6, Encapsulated.Inner(v6: true)), Narrow);
        Assert.Equal([new CounterDelta(CounterKind.Reason, (int)Reason.PassNotIp, 1)], six.Counted);
        Assert.Equal(PacketAction.Tx, (await Send(FrameWriter.Frame(Encapsulated.Outer(v6: true), EncapsulatedFrames.Ipip, Encapsulated.Inner(v6: false)), Narrow)).Action);
    }

    [Fact]
    public async Task What_is_encapsulated_twice_is_stripped_once()
    {
        byte[] twice = FrameWriter.Packet(Encapsulated.Outer(v6: false), EncapsulatedFrames.Ipip, Encapsulated.Inner(v6: false));
        Observation actual = await Send(FrameWriter.Frame(Encapsulated.Outer(v6: false), EncapsulatedFrames.Ipip, twice), Taking);
        Assert.Equal(PacketAction.Pass, actual.Action);
        Assert.Equal(twice, actual.Output[14..]);
    }

    /// <summary>No ping-pong between sites; but what clients send themselves may be handed over.</summary>
    [Fact]
    public async Task What_was_handed_over_is_not_handed_on()
    {
        foreach (bool outerV6 in new[] { false, true })
        {
            foreach ((_, byte[] frame) in Encapsulated.All(outerV6, Encapsulated.Inner(v6: false)).Where(way => !way.Name.EndsWith("without checksum", StringComparison.Ordinal)))
            {
                await Drops(Reason.DropHandover, frame, Chained);
            }
        }

        await Forwards(FrameWriter.Frame(0x0800, Encapsulated.Inner(v6: false)), plan: Chained);
        HashSet<PacketAction> seen = [];
        for (ushort client = 1; client < 30; client++)
        {
            IpFields ip = To("203.0.113.20");
            byte[] inner = FrameWriter.Packet(ip, Tcp, FrameWriter.Transport(ip, Tcp, client, 80, 0));
            seen.Add((await Send(FrameWriter.Frame(Encapsulated.Outer(v6: false), EncapsulatedFrames.Ipip, inner), Chained)).Action);
        }

        Assert.Equal([PacketAction.Drop, PacketAction.Tx], seen.Order());
    }

    /// <summary>Too big after all: the client is told, not the site that handed over.</summary>
    [Fact]
    public async Task Too_big_is_answered_to_the_inner_source()
    {
        byte[] inner = Encapsulated.Inner(v6: false, payload: 1450);
        Observation actual = await Send(FrameWriter.Frame(Encapsulated.Outer(v6: false), EncapsulatedFrames.Ipip, inner), Taking);
        Assert.Equal([new CounterDelta(CounterKind.Reason, (int)Reason.TxTooBig, 1)], actual.Counted);
        Assert.Equal(BinaryPrimitives.ReadUInt32BigEndian(inner.AsSpan(12)), BinaryPrimitives.ReadUInt32BigEndian(actual.Output.AsSpan(14 + 16)));
    }

    private static PoolPlan Marked(PoolPlan pool, int count) =>
        pool with { Backends = [.. pool.Backends.Select((backend, index) => index < count ? backend with { HandsOn = true } : backend)] };
}
