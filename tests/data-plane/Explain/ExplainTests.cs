using System.Net;
using System.Net.NetworkInformation;
using Weir.Compiler;
using Weir.Compiler.Explain;
using Weir.Compiler.Model;
using Weir.Compiler.Planning;
using Weir.Compiler.Sources;
using Weir.Compiler.Topologies;
using Weir.DataPlaneTests.Harness;
using Weir.DataPlaneTests.Rules;
using Weir.Testing;
using Xunit;

namespace Weir.DataPlaneTests.Explain;

/// <summary>What is explained of a packet is what the real program does with it.</summary>
public sealed class ExplainTests(RuleBench bench)
{
    private const int Flows = 400;

    [Theory]
    [InlineData("examples/quickstart/topology", "lab")]
    [InlineData("examples/dual-stack-edge/topology", "ams1")]
    [InlineData("examples/dual-stack-edge/topology", "fra1")]
    [InlineData("tests/compiler/Snapshots/whole-language/topology", "ams1")]
    public async Task The_programs_bytes_are_those_explained(string directory, string site)
    {
        CheckResult read = TopologyCompiler.Check(
            TopologyDirectory.Read(Path.Combine(RepositoryRoot.Path, directory), TestContext.Current.CancellationToken), TestContext.Current.CancellationToken);
        SitePlan plan = SitePlanner.Plan(read.Topology!, site).Plan!;
        Explainer explainer = new(read.Topology!, plan);
        HostState host = new(MacOf(plan.NextHopV4, 0xaa), MacOf(plan.NextHopV6, 0xbb));
        Random random = new(site.Length + Flows);
        HashSet<Outcome> seen = [];
        for (int flow = 0; flow < Flows; flow++)
        {
            PacketQuestion question = Draw(random, plan);
            byte[] frame = [.. question.Frame()];
            Explanation explained = explainer.Explain(frame);
            (Observation actual, _) = await bench.Run(plan, frame, host);
            seen.Add(explained.Outcome);
            Assert.Equal(explained.Verdict.Action, actual.Action);
            if (explained.Verdict.Reason is { } reason)
            {
                Assert.Contains(new CounterDelta(CounterKind.Reason, (int)reason, 1), actual.Counted);
                continue;
            }

            OuterBytes outer = explained.Encapsulation!.Outer!;
            byte[] nextHop = (explained.Encapsulation.OuterV6 ? host.NextHopV6! : host.NextHopV4!).GetAddressBytes();
            if (outer.NextHop is { } said)
            {
                Assert.Equal(AddressText.OfMac(new PhysicalAddress(nextHop)), said);
            }

            byte[] type = explained.Encapsulation.OuterV6 ? [0x86, 0xdd] : [0x08, 0x00];
            Assert.Equal([.. nextHop, .. frame[..6], .. type, .. outer.Header, .. frame[14..]], actual.Output);
            Assert.Equal(explained.Backend!.Address, new IPAddress(actual.Output.AsSpan(14 + (explained.Encapsulation.OuterV6 ? 24 : 16), explained.Encapsulation.OuterV6 ? 16 : 4)));
        }

        Assert.Contains(Outcome.Forwarded, seen);
        Assert.True(seen.Count >= 3, string.Join(", ", seen));
    }

    private static PhysicalAddress? MacOf(NextHop? nextHop, byte last) => nextHop is null ? null : nextHop.Mac ?? new PhysicalAddress([2, 0, 0, 0, 0, last]);

    /// <summary>Mostly a flow that is served, of any length around the MTU; else another port, address or protocol.</summary>
    private static PacketQuestion Draw(Random random, SitePlan plan)
    {
        VipPlan vip = plan.Vips[random.Next(plan.Vips.Length)];
        PortRange ports = vip.Ports[random.Next(vip.Ports.Length)];
        int which = random.Next(vip.Addresses.Length + vip.Ranges.Length);
        IPAddress address = which < vip.Addresses.Length ? vip.Addresses[which] : Within(random, vip.Ranges[which - vip.Addresses.Length]);
        byte[] client = new byte[address.GetAddressBytes().Length];
        random.NextBytes(client);
        byte protocol = random.Next(20) == 0 ? (byte)(client.Length == 4 ? 1 : 58) : (byte)ports.Protocol;
        bool icmp = protocol is 1 or 58;
        int length = random.Next(4) == 0 ? plan.Mtu - 60 + random.Next(80) : PacketQuestion.Least(protocol, client.Length == 16) + random.Next(200);
        return new PacketQuestion(
            new IPAddress(client),
            random.Next(20) == 0 ? new IPAddress(client) : address,
            protocol,
            icmp ? (ushort)0 : (ushort)random.Next(65536),
            icmp ? (ushort)0 : random.Next(10) == 0 ? (ushort)random.Next(65536) : (ushort)random.Next(ports.First, ports.Last + 1),
            length,
            client.Length == 16 || random.Next(3) > 0);
    }

    private static IPAddress Within(Random random, IPNetwork range)
    {
        byte[] address = range.BaseAddress.GetAddressBytes();
        for (int bit = range.PrefixLength; bit < address.Length * 8; bit++)
        {
            address[bit / 8] |= (byte)(random.Next(2) << (7 - (bit % 8)));
        }

        return new IPAddress(address);
    }
}
