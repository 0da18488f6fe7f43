using System.Collections.Immutable;
using Weir.Applier.Keys;
using Weir.Compiler.Model;
using Weir.Compiler.Planning;
using Weir.Compiler.Topologies;
using Weir.DataPlaneTests.Harness;
using Weir.Testing.Plans;
using Xunit;

namespace Weir.DataPlaneTests.Rules;

/// <summary><c>bpf/README.md</c>, section 9: encrypted connection ids, of both kinds and beside plaintext ones.</summary>
public sealed class EncryptedIdTests(RuleBench bench) : PacketRules(bench)
{
    private const string Www = "203.0.113.10", Six = "2001:db8::10", KeyA = "/etc/weir/a.key", KeyB = "/etc/weir/b.key";
    private const ushort Port = 443;

    private static readonly ImmutableArray<QuicConfig> Configs =
    [
        new(0, 2, 6, KeyA), new(1, 3, 5, null), new(2, 12, 4, KeyB), new(3, 9, 10, KeyA), new(4, 10, 5, KeyB), new(5, 15, 4, KeyA), new(6, 2, 4, KeyB),
    ];

    private static readonly SitePlan Folded = Encrypted(ExamplePlans.ServerIds());
    private static readonly SitePlan Hashed = Encrypted(ExamplePlans.ServerIds(hashed: true));
    private static readonly HostKeys Keys = TestKeys.Of(Folded);
    private static readonly HostState WithKeys = RuleBench.Host with { Ciphers = Keys.Ciphers };

    public static TheoryData<int> Ids { get; } = [.. Configs.Select(config => config.Id)];

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Every_proof_packet_is_treated_as_the_model_does(bool hashed)
    {
        SitePlan plan = hashed ? Hashed : Folded;
        ImmutableArray<ProofPacket> packets = ProofPackets.For(plan, Keys.Ciphers);
        Assert.Contains(packets, packet => packet.Name.Contains("web-2, config 4", StringComparison.Ordinal));
        foreach (ProofPacket packet in packets)
        {
            await Send([.. packet.Frame], plan, WithKeys);
        }
    }

    [Theory]
    [MemberData(nameof(Ids))]
    public async Task A_client_that_changes_its_address_keeps_its_backend(int id)
    {
        QuicConfig config = Configs[id];
        foreach ((int server, byte backend) in new[] { (0x0a1b, (byte)11), (0x0a1c, (byte)12), (0x07, (byte)14) })
        {
            foreach (string vip in new[] { Www, Six })
            {
                for (ushort client = 1; client < 20; client++)
                {
                    Observation actual = await Forwards(Datagram(vip, client, config, server), plan: Folded, host: WithKeys);
                    Assert.Equal(backend, actual.Output[14 + 19]);
                }
            }
        }
    }

    [Fact]
    public async Task Without_the_key_the_hash_decides_and_it_is_counted()
    {
        foreach (QuicConfig config in Configs.Where(config => config.KeyFile is not null))
        {
            Observation actual = await Send(Datagram(Www, 5, config, 0x0a1b), Folded);
            Assert.Equal(PacketAction.Tx, actual.Action);
            Assert.Equal([new CounterDelta(CounterKind.Reason, (int)Reason.NoteQuicKey, 1)], actual.Counted.Where(c => c.Kind == CounterKind.Reason));
        }
    }

    private static byte[] Datagram(string vip, ushort client, QuicConfig config, int server)
    {
        IpFields ip = To(vip);
        byte[] id = ServerIdFrames.ConnectionId(config, (UInt128)server, config.KeyFile is null ? null : Keys.Ciphers[config.KeyFile]);
        return FrameWriter.Frame(ip, Udp, ServerIdFrames.Datagram(ip, client, Port, ServerIdFrames.ShortHeader(id, rest: 0)));
    }

    private static SitePlan Encrypted(SitePlan plan) => plan with
    {
        Pools = [.. plan.Pools.Select(pool => pool.Quic is { Scheme: QuicScheme.QuicLb } quic ? pool with { Quic = quic with { Configs = Configs } } : pool)],
    };
}
