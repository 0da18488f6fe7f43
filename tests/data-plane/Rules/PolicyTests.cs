using System.Buffers.Binary;
using System.Collections.Immutable;
using System.Net;
using Weir.Compiler.Lookup;
using Weir.Compiler.Model;
using Weir.Compiler.Planning;
using Weir.Compiler.Topologies;
using Weir.DataPlaneTests.Harness;
using Weir.Testing.Plans;
using Xunit;

namespace Weir.DataPlaneTests.Rules;

/// <summary><c>bpf/README.md</c>, section 3: source lists, routes and hash policies.</summary>
public sealed class PolicyTests(RuleBench bench) : PacketRules(bench)
{
    private static readonly SitePlan Folded = PolicyPlans.Mixed(hashed: false);
    private static readonly SitePlan Hashed = PolicyPlans.Mixed(hashed: true);
    private static readonly SitePlan Random4 = RandomPlan(4, 300);
    private static readonly SitePlan Random6 = RandomPlan(6, 40);

    public static TheoryData<bool> Ways { get; } = [true, false];

    public static TheoryData<string> Policies { get; } = ["three-tuple", "without-destination-port", "source", "source/24/56", "source/9/1"];

    [Theory]
    [MemberData(nameof(Ways))]
    public async Task A_denied_client_is_dropped_and_counted_and_so_is_an_error_about_it(bool hashed)
    {
        SitePlan plan = hashed ? Hashed : Folded;
        foreach ((string client, bool served) in new[] { ("10.65.255.255", true), ("10.66.0.0", false), ("10.66.6.255", false), ("10.66.7.0", true), ("10.66.8.0", false), ("9.255.255.255", false), ("11.0.0.0", false) })
        {
            byte[] frame = From(client, "203.0.113.10");
            byte[] error = ErrorAbout(client, "203.0.113.10");
            await (served ? Forwards(frame, plan: plan) : (Task)Drops(Reason.DropSourceDenied, frame, plan));
            await (served ? Forwards(error, plan: plan) : (Task)Drops(Reason.DropSourceDenied, error, plan));
        }

        await Forwards(From("2001:db8:65::", "2001:db8::10"), plan: plan);
        await Drops(Reason.DropSourceDenied, From("2001:db8:66::", "2001:db8::10"), plan);
        await Drops(Reason.DropSourceDenied, From("2001:db9::", "2001:db8::10"), plan);
        await Drops(Reason.DropSourceDenied, From("198.51.100.255", "203.0.113.40"), plan);
        await Forwards(From("198.51.101.0", "203.0.113.40"), plan: plan);
        await Forwards(From("198.51.100.255", "203.0.113.50"), plan: plan);
    }

    [Theory]
    [MemberData(nameof(Ways))]
    public async Task A_route_leads_to_another_pool_with_another_family_of_backends(bool hashed)
    {
        SitePlan plan = hashed ? Hashed : Folded;
        await Forwards(From("10.4.255.255", "203.0.113.10"), 20, plan);
        await Forwards(From("10.5.0.0", "203.0.113.10"), 40, plan);
        await Forwards(From("10.5.5.4", "203.0.113.10"), 40, plan);
        await Forwards(From("10.5.5.5", "203.0.113.10"), 20, plan);
        await Forwards(ErrorAbout("10.5.255.255", "203.0.113.10"), 40, plan);
        await Forwards(From("2001:db8:5:ffff::", "2001:db8::10"), 40, plan);
    }

    /// <summary>What is left out changes nothing, and what counts does.</summary>
    [Theory]
    [MemberData(nameof(Policies))]
    public async Task What_a_hash_leaves_out_does_not_decide(string name)
    {
        HashPolicy policy = HashText.Parse(name)!;
        SitePlan plan = PolicyPlans.OneHash(policy);
        foreach (string vip in new[] { "203.0.113.10", "2001:db8::10" })
        {
            bool isV6 = vip.Contains(':', StringComparison.Ordinal);
            int bits = isV6 ? policy.SourceBitsV6 : policy.SourceBitsV4;
            HashSet<string> outers = [];
            HashSet<string> changed = [];
            for (int flow = 0; flow < 24; flow++)
            {
                IPAddress source = Host(isV6 ? "2001:db8:c::7" : "198.51.100.7", bits, flow);
                outers.Add(await Outer(plan, source, vip, (ushort)(policy.SourcePort ? 7 : flow), (ushort)(policy.DestinationPort ? 443 : 8000 + flow)));
                changed.Add(await Outer(plan, Network(source, bits, flow), vip, 7, 443));
            }

            Assert.Single(outers);
            Assert.True(changed.Count > 1);
        }
    }

    [Fact]
    public async Task Vips_of_one_program_hash_each_its_way()
    {
        HashSet<string> www = [];
        HashSet<string> plain = [];
        for (ushort flow = 0; flow < 24; flow++)
        {
            www.Add(await Outer(Hashed, IPAddress.Parse("10.1.2.3"), "203.0.113.10", flow, (ushort)(8000 + flow)));
            plain.Add(await Outer(Hashed, IPAddress.Parse("10.1.2.3"), "203.0.113.50", flow, 443));
        }

        Assert.Single(www);
        Assert.Equal(2, plain.Count);
    }

    [Fact]
    public Task Programs_treat_their_proof_packets_as_the_model_does() => Proof(Folded, Hashed, Random4, Random6);

    /// <summary>300 nested prefixes, and everything beside their edges.</summary>
    [Fact]
    public async Task Random_prefixes_decide_as_in_the_model()
    {
        foreach (SitePlan plan in new[] { Random4, Random6 })
        {
            VipPlan vip = plan.Vips.Single(v => v.Name == "www");
            HashSet<(PacketAction, int)> seen = [];
            foreach (IPNetwork prefix in vip.Sources.Allow.Concat(vip.Sources.Deny).Concat(vip.Routes.Select(r => r.Source)))
            {
                bool isV6 = SourceIntervals.IsV6(prefix);
                foreach (IPAddress source in new[] { prefix.BaseAddress, RangeEdges.Last(prefix), Near(prefix.BaseAddress, -1), Near(RangeEdges.Last(prefix), 1) })
                {
                    Observation actual = await Send(From(source.ToString(), isV6 ? "2001:db8::10" : "203.0.113.10"), plan);
                    seen.Add((actual.Action, actual.Output.Length));
                }
            }

            Assert.True(seen.Count >= 3, "denied, own pool and route");
        }
    }

    private async Task Proof(params SitePlan[] plans)
    {
        foreach (SitePlan plan in plans)
        {
            ImmutableArray<ProofPacket> packets = ProofPackets.For(plan);
            Assert.Contains(packets, p => p.Name.Contains("last of", StringComparison.Ordinal));
            foreach (ProofPacket packet in packets)
            {
                await Send([.. packet.Frame], plan);
            }
        }
    }

    private async Task<string> Outer(SitePlan plan, IPAddress source, string vip, ushort sourcePort, ushort port)
    {
        IpFields ip = new(source, IPAddress.Parse(vip));
        Observation actual = await Send(FrameWriter.Frame(ip, Tcp, FrameWriter.Transport(ip, Tcp, sourcePort, port, 0)), plan);
        Assert.Equal(PacketAction.Tx, actual.Action);
        return new IPAddress(actual.Output.AsSpan(14 + 16, 4)).ToString();
    }

    private static byte[] From(string client, string vip) => TcpFrame(new IpFields(IPAddress.Parse(client), IPAddress.Parse(vip)), 443);

    /// <summary>From a router that the VIP would not serve.</summary>
    private static byte[] ErrorAbout(string client, string vip)
    {
        IpFields reversed = new(IPAddress.Parse(vip), IPAddress.Parse(client));
        IpFields ip = new(IPAddress.Parse("192.0.2.1"), IPAddress.Parse(vip));
        byte[] quote = FrameWriter.Packet(reversed, Tcp, FrameWriter.Transport(reversed, Tcp, 443, Client, 12));
        return FrameWriter.Frame(ip, 1, FrameWriter.Icmp(ip, 3, 1, 0, quote));
    }

    /// <summary>The same leading bits, other bits behind them.</summary>
    private static IPAddress Host(string address, int bits, int number)
    {
        byte[] bytes = IPAddress.Parse(address).GetAddressBytes();
        byte[] mask = PrefixBits.Mask(bits, bytes.Length);
        byte[] other = [.. bytes.Select((b, i) => (byte)(b ^ ((number * 37) + i)))];
        return new IPAddress([.. bytes.Zip(other, mask).Select(t => (byte)((t.First & t.Third) | (t.Second & ~t.Third)))]);
    }

    /// <summary>Another value in the last of the leading bits.</summary>
    private static IPAddress Network(IPAddress address, int bits, int number)
    {
        byte[] bytes = address.GetAddressBytes();
        for (int bit = 0; bit < Math.Min(bits, 5); bit++)
        {
            int at = bits - 1 - bit;
            bytes[at / 8] ^= (byte)(((number >> bit) & 1) << (7 - (at % 8)));
        }

        return new IPAddress(bytes);
    }

    private static IPAddress Near(IPAddress address, int by)
    {
        byte[] bytes = address.GetAddressBytes();
        if (bytes.Length == 4)
        {
            BinaryPrimitives.WriteUInt32BigEndian(bytes, unchecked(BinaryPrimitives.ReadUInt32BigEndian(bytes) + (uint)by));
        }
        else
        {
            BinaryPrimitives.WriteUInt128BigEndian(bytes, unchecked(BinaryPrimitives.ReadUInt128BigEndian(bytes) + (UInt128)by));
        }

        return new IPAddress(bytes);
    }

    /// <summary>The mixed plan with so many nested prefixes of one family in the lists and routes of <c>www</c>.</summary>
    private static SitePlan RandomPlan(int family, int prefixes)
    {
        Random random = new(family * 1000);
        IPNetwork[] drawn = [.. Enumerable.Range(0, prefixes).Select(_ => Draw(random, family == 6)).Distinct()];
        IPNetwork[] listed = drawn[..(drawn.Length * 2 / 3)];
        SitePlan plan = PolicyPlans.Mixed(hashed: false);
        VipPlan www = plan.Vips[2] with
        {
            Sources = new SourceLists([.. listed.Where((_, i) => i % 2 == 0)], [.. listed.Where((_, i) => i % 2 == 1)]),
            Routes = [.. drawn[(drawn.Length / 2)..].Select((p, i) => (p, i % 3))],
        };
        return plan with { Vips = plan.Vips.SetItem(2, www) };
    }

    private static IPNetwork Draw(Random random, bool isV6)
    {
        byte[] bytes = isV6 ? [0x20, 0x01, 0x0d, 0xb8, .. new byte[12]] : [10, 0, 0, 0];
        int at = random.Next(isV6 ? 4 : 1, bytes.Length);
        bytes[at] = (byte)random.Next(0, 256);
        bytes[at - 1] |= (byte)random.Next(0, 2);
        int length = Math.Min(8 * bytes.Length, (8 * at) + random.Next(0, 9));
        return new IPNetwork(new IPAddress(PrefixBits.And(bytes, PrefixBits.Mask(length, bytes.Length))), length);
    }
}
