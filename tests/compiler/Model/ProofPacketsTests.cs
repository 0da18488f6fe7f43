using System.Collections.Immutable;
using System.Net;
using System.Net.NetworkInformation;
using Weir.Compiler.Model;
using Weir.Compiler.Planning;
using Weir.Compiler.Topologies;
using Weir.Testing.Plans;
using Xunit;

namespace Weir.Compiler.Tests.Model;

public sealed class ProofPacketsTests
{
    private static HostState Host { get; } = new(PhysicalAddress.Parse("02-00-00-00-00-AA"), PhysicalAddress.Parse("02-00-00-00-00-BB"));

    private static ImmutableArray<Verdict> Judge(SitePlan plan) =>
        [.. ProofPackets.For(plan).Select(packet => new PacketModel(plan, Host).Process(packet.Frame.AsSpan()))];

    [Fact]
    public void The_same_plan_gives_the_same_packets()
    {
        ImmutableArray<ProofPacket> first = ProofPackets.For(ExamplePlans.Small());
        ImmutableArray<ProofPacket> second = ProofPackets.For(ExamplePlans.Small());
        Assert.Equal(first.Select(packet => packet.Name), second.Select(packet => packet.Name));
        Assert.All(first.Zip(second), pair => Assert.Equal(pair.First.Frame, pair.Second.Frame));
    }

    [Theory]
    [InlineData(Unmatched.Pass, Reason.PassNoService)]
    [InlineData(Unmatched.Drop, Reason.DropNoService)]
    public void They_provoke_every_reason_that_a_packet_can(Unmatched unmatched, Reason noService)
    {
        HashSet<Reason?> seen = [.. Judge(ExamplePlans.Small(unmatched)).Select(verdict => verdict.Reason)];
        Reason?[] wanted =
        [
            null, Reason.PassNotIp, Reason.PassNoVip, noService, Reason.DropMalformed, Reason.DropFragment, Reason.DropTooBig, Reason.TxTooBig,
            Reason.TxEchoReply, Reason.DropIcmpInner, Reason.DropExtensions, Reason.DropNoBackend,
        ];
        Assert.All(wanted, reason => Assert.Contains(reason, seen));
    }

    [Fact]
    public void They_serve_every_vip_and_reach_every_backend_with_slots()
    {
        SitePlan plan = Wide(pools: 2, backends: 120);
        ImmutableArray<Verdict> verdicts = Judge(plan);
        Assert.Equal(Enumerable.Range(0, plan.Vips.Length), verdicts.Select(verdict => verdict.Flow?.Vip).OfType<int>().Distinct().Order());
        Assert.Equal(240, verdicts.Select(verdict => verdict.ChargedBackend).OfType<(int Pool, int Backend)>().Distinct().Count());
    }

    [Fact]
    public void They_are_bounded_and_stay_below_the_default_rate_limit_of_answers()
    {
        SitePlan plan = Wide(pools: 40, backends: 200);
        ImmutableArray<Verdict> verdicts = Judge(plan);
        Assert.InRange(verdicts.Length, 1000, ProofPackets.Limit);
        Assert.InRange(verdicts.Count(verdict => verdict.Reason == Reason.TxTooBig), 8, 100);
    }

    /// <summary>Pools of backends of 10.x.y.0/24, and for each ten VIPs of one address and port.</summary>
    private static SitePlan Wide(int pools, int backends) => ExamplePlans.Small() with
    {
        Pools =
        [
            .. Enumerable.Range(0, pools).Select(pool => ExamplePlans.Pool(
                $"pool-{pool:d3}",
                16,
                [.. Enumerable.Range(0, backends).Select(index => ExamplePlans.Backend((ulong)index, $"b-{index}", $"10.{pool}.0.{index}"))])),
        ],
        Vips =
        [
            .. Enumerable.Range(0, pools * 10).Select(vip => new VipPlan($"vip-{vip:d4}", vip / 10, [IPAddress.Parse($"203.0.{vip / 250}.{vip % 250}")], [ExamplePlans.Tcp(443)])),
        ],
    };
}
