using System.Net;
using System.Text.Json;
using NJsonSchema;
using Weir.Applier.Apply;
using Weir.Applier.Generations;
using Weir.Applier.Libbpf;
using Weir.Applier.Status;
using Weir.Applier.Tests.Apply;
using Weir.Compiler.Emit;
using Weir.Compiler.Model;
using Weir.Testing;
using Xunit;

namespace Weir.Applier.Tests.Status;

public class StatusTests
{
    /// <summary>The reason of what the other end's stack sends by itself, as router solicitations.</summary>
    private const string OwnTraffic = "pass-no-vip";

    [Fact]
    public async Task What_is_printed_as_JSON_is_what_the_schemas_say()
    {
        using TestHost host = new();
        ApplyOutcome first = host.Apply(TestTopology.Of(1, 2, 3));
        ApplyOutcome second = host.Apply(TestTopology.Of(1, 2, 4));
        await Matches("apply", JsonSerializer.Serialize(first, ApplyJson.Default.ApplyOutcome));
        await Matches("apply", JsonSerializer.Serialize(second, ApplyJson.Default.ApplyOutcome));
        await Matches("status", JsonSerializer.Serialize(new StatusReport(1, [host.Status()]), StatusJson.Default.StatusReport));
        await Matches("status", JsonSerializer.Serialize(new StatusReport(1, []), StatusJson.Default.StatusReport));
        host.Veth.Run(() => Detachment.Run(host.Paths, host.Interface));
        await Matches("status", JsonSerializer.Serialize(new StatusReport(1, [host.Status()]), StatusJson.Default.StatusReport));
    }

    [Fact]
    public void Counters_are_the_models_and_go_on_over_swaps_and_stores()
    {
        using TestHost host = new();
        TestTopology topology = TestTopology.Of(1, 2, 3);
        Dictionary<string, long> expected = [];
        host.Apply(topology);
        Receive(host, topology, expected);
        AssertCounted(host, expected);

        topology = topology with { Vips = 6 };
        Assert.Equal(ChangeKind.Tables, host.Apply(topology).Change);
        AssertCounted(host, expected);
        Receive(host, topology, expected);
        AssertCounted(host, expected);

        // web-1 leaves; the one that comes after it is given its id and with it a row that has counted.
        int id = host.Status().Live!.Backends.Single(backend => backend.Name == "web-1").Id;
        topology = topology with { Backends = [2, 3] };
        Assert.Equal(ChangeKind.Population, host.Apply(topology).Change);
        expected.Remove("web-1");
        topology = topology with { Backends = [2, 3, 5] };
        Assert.Equal(ChangeKind.Population, host.Apply(topology).Change);
        AssertCounted(host, expected);
        BackendStatus next = host.Status().Live!.Backends.Single(backend => backend.Name == "web-5");
        Assert.Equal((id, 0L), (next.Id, next.Packets));
        Receive(host, topology, expected);
        AssertCounted(host, expected);
    }

    [Fact]
    public void An_edited_map_is_noticed_and_mended_by_the_next_apply()
    {
        using TestHost host = new();
        TestTopology topology = TestTopology.Of(1, 2, 3);
        host.Apply(topology);
        using (BpfMap ring = BpfMap.OpenPinned(host.Pins.Map(1, ".data.ring8")))
        using (MapMapping bytes = ring.Mmap())
        {
            bytes.Store8(77, (byte)(bytes.Load8(77) ^ 1));
        }

        InterfaceStatus status = host.Status();
        Assert.Equal(InterfaceCondition.Drifted, status.State);
        Assert.Contains(".data.ring8 differs from what was written in 1 bytes, first at offset 77", status.Detail, StringComparison.Ordinal);
        Assert.Equal((ChangeKind.Population, 1), (host.Apply(topology) is var outcome ? outcome.Change : default, outcome.Stores));
        Assert.Equal(InterfaceCondition.Live, host.Status().State);
    }

    [Fact]
    public void A_link_that_holds_another_program_is_noticed_and_taken_back()
    {
        using TestHost host = new();
        TestTopology topology = TestTopology.Of(1, 2, 3);
        host.Apply(topology);
        File.Delete(host.Pins.Program(1));
        InterfaceStatus status = host.Status();
        Assert.Equal(InterfaceCondition.Drifted, status.State);
        Assert.Contains("which is none that was applied", status.Detail, StringComparison.Ordinal);
        host.Apply(topology);
        Assert.Equal(InterfaceCondition.Live, host.Status().State);
    }

    [Fact]
    public void A_gateways_MAC_is_resolved_and_followed()
    {
        using TestHost host = new();
        host.Run("ip", "address", "add", "192.0.2.1/24", "dev", host.Interface);
        host.Run("ip", "neighbour", "add", "192.0.2.2", "lladdr", "02:00:00:00:00:07", "dev", host.Interface, "nud", "permanent");
        TestTopology topology = TestTopology.Of(1, 3) with { Gateway = IPAddress.Parse("192.0.2.2") };
        host.Apply(topology);
        Assert.Equal(new NextHopStatus("ipv4", "192.0.2.2", "02:00:00:00:00:07"), host.Status().Live!.NextHops[0]);

        host.Run("ip", "neighbour", "replace", "192.0.2.2", "lladdr", "02:00:00:00:00:08", "dev", host.Interface, "nud", "permanent");
        ApplyOutcome outcome = host.Apply(topology);
        Assert.Equal((ChangeKind.Population, 1, "the next hop has another MAC"), (outcome.Change, outcome.Stores, outcome.Reason));
        Assert.Equal("02:00:00:00:00:08", host.Status().Live!.NextHops[0].Mac);
    }

    private static async Task Matches(string schema, string json)
    {
        JsonSchema read = await JsonSchema.FromFileAsync(Path.Combine(RepositoryRoot.Path, "schemas", $"{schema}.schema.json"));
        Assert.Empty(read.Validate(json).Select(error => error.ToString()));
    }

    /// <summary>Sends the proof's packets through the live program and adds what the model charges.</summary>
    private static void Receive(TestHost host, TestTopology topology, Dictionary<string, long> expected)
    {
        VerifiedBundle bundle = BundleReader.Read(topology.Compile()).Bundle!;
        var plan = bundle.ToSitePlan();
        PacketModel model = new(plan, new HostState(plan.NextHopV4!.Mac, plan.NextHopV6!.Mac));
        ProofPacket[] packets = [.. ProofPackets.For(plan)];
        host.Receive(packets.Select(packet => packet.Frame.AsMemory()));
        foreach (Verdict verdict in packets.Select(packet => model.Process(packet.Frame.AsSpan())))
        {
            if (verdict.ChargedVip is int vip && verdict.ChargedBackend is { } backend)
            {
                Add(plan.Vips[vip].Name);
                Add(plan.Pools[backend.Pool].Backends[backend.Backend].Name);
            }
            else
            {
                Add(verdict.Reason!.Value.Name());
            }
        }

        void Add(string name) => expected[name] = expected.GetValueOrDefault(name) + 1;
    }

    private static void AssertCounted(TestHost host, Dictionary<string, long> expected)
    {
        LiveStatus live = host.Status().Live!;
        var counted = live.Vips.Select(vip => (vip.Name, vip.Packets))
            .Concat(live.Backends.Select(backend => (backend.Name, backend.Packets)))
            .Concat(live.Reasons.Select(reason => (reason.Name, reason.Packets)))
            .Where(count => count.Packets != 0 && count.Name != OwnTraffic)
            .OrderBy(count => count.Name, StringComparer.Ordinal);
        Assert.Equal(expected.Where(count => count.Key != OwnTraffic).Select(count => (count.Key, count.Value)).OrderBy(count => count.Key, StringComparer.Ordinal), counted);
    }
}
