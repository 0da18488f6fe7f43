using System.Collections.Immutable;
using System.Net.Sockets;
using Weir.Compiler.Model;
using Weir.Compiler.Planning;
using Weir.DataPlaneTests.Harness;
using Weir.Testing.Plans;
using Xunit;

namespace Weir.DataPlaneTests.Nat;

/// <summary><c>bpf/README.md</c>, section 10: long random conversations, every byte and every counter as the model says.</summary>
public sealed class NatTrafficTests(ITestOutputHelper output)
{
    private const int Packets = 6000;

    public static TheoryData<string> Plans { get; } = new() { "all", "narrow", "mixed", "4to4", "4to6", "6to4", "6to6" };

    [Theory]
    [MemberData(nameof(Plans))]
    public async Task Program_and_model_agree(string name)
    {
        SitePlan plan = Plan(name);
        using NatSession session = await NatSession.Open(plan);
        Random random = new(name.Length + name[0]);
        NatTraffic traffic = new(random, [.. plan.Vips.SelectMany(v => v.Addresses)]);
        Dictionary<string, int> outcomes = new(StringComparer.Ordinal);
        for (int i = 0; i < Packets; i++)
        {
            Observation actual = session.Send(traffic.Next());
            CounterDelta[] reasons = [.. actual.Counted.Where(c => c.Kind == CounterKind.Reason)];
            string outcome = reasons is [var reason, ..] ? ((Reason)reason.Index).Name() : "sent";
            outcomes[outcome] = outcomes.GetValueOrDefault(outcome) + 1;
            if (actual.Action == PacketAction.Tx && outcome is "sent" or "tx-nat-reply")
            {
                traffic.Learn(actual.Output, outcome == "sent");
            }
        }

        output.WriteLine($"{session.Verified} verified; {string.Join(", ", outcomes.OrderByDescending(o => o.Value).Select(o => $"{o.Key} {o.Value}"))}; {session.Connections.Taken} connections");
        Assert.All(new[] { "sent", "tx-nat-reply", "pass-nat-unknown", "drop-nat-hops", "drop-nat-checksum" }, expected => Assert.True(outcomes.ContainsKey(expected), expected));
    }

    private static SitePlan Plan(string name) => name switch
    {
        "all" => NatPlans.All(),
        "narrow" => NatPlans.All(mtu: 1400),
        "mixed" => NatPlans.Mixed(),
        _ => NatPlans.Between(Family(name[0]), Family(name[^1])),
    };

    private static AddressFamily Family(char digit) => digit == '6' ? AddressFamily.InterNetworkV6 : AddressFamily.InterNetwork;
}
