using Weir.Compiler.Model;
using Weir.Compiler.Planning;
using Weir.Compiler.Topologies;
using Weir.DataPlaneTests.Harness;
using Weir.Testing.Plans;
using Xunit;

namespace Weir.DataPlaneTests.Rules;

/// <summary><c>bpf/README.md</c>, section 3: packets that say themselves which backend they are for.</summary>
public sealed class ServerIdTests(RuleBench bench) : PacketRules(bench)
{
    private const string Www = "203.0.113.10";
    private static readonly SitePlan Folded = ExamplePlans.ServerIds();
    private static readonly SitePlan Hashed = ExamplePlans.ServerIds(hashed: true);
    private static readonly QuicConfig Config = new(0, 2, 6, null);

    public static TheoryData<bool> Ways { get; } = [false, true];

    [Theory]
    [MemberData(nameof(Ways))]
    public async Task Every_proof_packet_is_treated_as_the_model_does(bool hashed)
    {
        SitePlan plan = hashed ? Hashed : Folded;
        ProofPacket[] packets = [.. ProofPackets.For(plan)];
        Assert.Contains(packets, p => p.Name.Contains("config 2", StringComparison.Ordinal));
        Assert.Contains(packets, p => p.Name.Contains("version 1", StringComparison.Ordinal));
        Assert.Contains(packets, p => p.Name.Contains("TCP option of web-4", StringComparison.Ordinal));
        foreach (ProofPacket packet in packets)
        {
            await Send([.. packet.Frame], plan);
        }
    }

    /// <summary>Migration: other addresses and ports, the same connection id, the same backend; drained ones too.</summary>
    [Theory]
    [InlineData(0x0a1b, 11)]
    [InlineData(0x0a1c, 12)]
    [InlineData(0x07, 14)]
    public async Task A_client_that_changes_its_address_keeps_its_backend(int server, byte backend)
    {
        foreach (string vip in new[] { Www, "2001:db8::10" })
        {
            for (ushort client = 1; client < 40; client++)
            {
                Observation actual = await Forwards(Datagram(vip, client, ServerIdFrames.ShortHeader(ServerIdFrames.ConnectionId(Config, (UInt128)server))), plan: Folded);
                Assert.Equal(backend, actual.Output[14 + 19]);
            }
        }
    }

    [Fact]
    public async Task Ports_without_quic_go_by_hash()
    {
        byte[] payload = ServerIdFrames.ShortHeader(ServerIdFrames.ConnectionId(Config, 0x0a1b));
        HashSet<byte> seen = [];
        for (ushort client = 1; client < 40; client++)
        {
            IpFields ip = To(Www);
            seen.Add((await Forwards(FrameWriter.Frame(ip, Udp, ServerIdFrames.Datagram(ip, client, 53, payload)), plan: Folded)).Output[14 + 19]);
        }

        Assert.Equal((byte[])[11, 12], seen.Order());
    }

    [Theory]
    [InlineData(0x0a1d, Reason.NoteServerDown)]
    [InlineData(0x0bad, Reason.NoteQuicServer)]
    public async Task Who_is_down_or_unknown_is_counted_and_the_hash_decides(int server, Reason note) =>
        await Notes(note, Datagram(Www, 5, ServerIdFrames.ShortHeader(ServerIdFrames.ConnectionId(Config, (UInt128)server))));

    [Fact]
    public async Task Configs_that_nobody_has_are_counted()
    {
        await Notes(Reason.NoteQuicUnroutable, Datagram(Www, 5, ServerIdFrames.ShortHeader(ServerIdFrames.ConnectionId(Config with { Id = 7 }, 0x0a1b))));
        await Notes(Reason.NoteQuicConfig, Datagram(Www, 5, ServerIdFrames.ShortHeader(ServerIdFrames.ConnectionId(Config with { Id = 6 }, 0x0a1b))));
        await Notes(Reason.NoteQuicConfig, Datagram("203.0.113.20", 5, ServerIdFrames.ShortHeader([0x20, 1, 2, 3, 4, 5, 6, 7])), 40);
    }

    /// <summary>What the packet says decides only where a server chose the connection id.</summary>
    [Theory]
    [InlineData(0x00000001, 2, true)]
    [InlineData(0x00000001, 0, false)]
    [InlineData(0x00000001, 1, false)]
    [InlineData(0x00000001, 3, false)]
    [InlineData(0x6b3343cf, 3, true)]
    [InlineData(0x6b3343cf, 2, false)]
    [InlineData(0x6b3343cf, 1, false)]
    [InlineData(0x6b3343cf, 0, false)]
    [InlineData(0x00000000, 2, false)]
    [InlineData(0xff00001d, 2, false)]
    public async Task Long_headers_count_where_they_are_handshakes(uint version, int type, bool named)
    {
        HashSet<byte> seen = [];
        for (ushort client = 1; client < 20; client++)
        {
            byte[] payload = ServerIdFrames.LongHeader(version, type, ServerIdFrames.ConnectionId(Config, 0x0a1c));
            seen.Add((await Forwards(Datagram(Www, client, payload), plan: Folded)).Output[14 + 19]);
        }

        Assert.Equal<byte>(named ? [12] : [11, 12], seen.Order());
    }

    /// <summary>The IP packet ends at every byte of what is read; the frame, padded, does not.</summary>
    [Theory]
    [InlineData(false, false)]
    [InlineData(true, false)]
    [InlineData(false, true)]
    [InlineData(true, true)]
    public async Task Cut_at_every_byte_nothing_is_read_beyond(bool longHeader, bool padded)
    {
        foreach (QuicConfig config in Folded.Pools[2].Quic!.Configs)
        {
            byte[] id = ServerIdFrames.ConnectionId(config, 0x0a1b);
            byte[] payload = longHeader ? ServerIdFrames.LongHeader(1, 2, id) : ServerIdFrames.ShortHeader(id);
            for (int length = 0; length <= payload.Length; length++)
            {
                foreach (string vip in new[] { Www, "2001:db8::10" })
                {
                    byte[] frame = Datagram(vip, 5, payload.AsSpan(0, length).ToArray());
                    await Send(padded ? [.. frame, .. payload.AsSpan(length)] : frame, Folded);
                    await Send(padded ? [.. frame, .. payload.AsSpan(length)] : frame, Hashed);
                }
            }
        }
    }

    [Fact]
    public async Task A_connection_id_shorter_than_its_config_is_counted()
    {
        byte[] id = ServerIdFrames.ConnectionId(Config, 0x0a1b);
        await Notes(Reason.NoteQuicShort, Datagram(Www, 5, ServerIdFrames.LongHeader(1, 2, id.AsSpan(0, id.Length - 1))));
        await Notes(Reason.NoteQuicShort, Datagram(Www, 5, ServerIdFrames.ShortHeader(id.AsSpan(0, id.Length - 1), rest: 0)));
        await Notes(Reason.NoteQuicShort, Datagram(Www, 5, []));
    }

    [Fact]
    public async Task Behind_ip_options_and_extension_headers_ids_are_found()
    {
        byte[] payload = ServerIdFrames.ShortHeader(ServerIdFrames.ConnectionId(Config, 0x0a1b));
        IpFields v4 = To(Www) with { Options = [1, 1, 1, 0, 1, 1, 1, 0] };
        IpFields v6 = To("2001:db8::10") with { Extensions = [new Extension(60, [0, 1, 1, 12, .. new byte[12]])] };
        foreach (IpFields ip in new[] { v4, v6 })
        {
            for (ushort client = 1; client < 12; client++)
            {
                byte[] frame = FrameWriter.Frame(ip, Udp, ServerIdFrames.Datagram(ip, client, 443, payload), 0x8100);
                Assert.Equal(11, (await Forwards(frame, plan: Folded)).Output[18 + 19]);
            }
        }
    }

    [Theory]
    [InlineData(0x0a1b, 11)]
    [InlineData(0x0a1c, 12)]
    [InlineData(0x07, 14)]
    public async Task A_tcp_option_names_the_backend(int server, byte backend)
    {
        for (ushort client = 1; client < 40; client++)
        {
            byte[] options = [1, 1, 8, 10, 0, 0, 0, 1, 0, 0, 0, 2, .. ServerIdFrames.Option(253, (UInt128)server)];
            Assert.Equal(backend, (await Forwards(Segment(client, options), plan: Folded)).Output[14 + 19]);
        }
    }

    [Fact]
    public async Task Tcp_options_that_name_nobody_are_left_to_the_hash()
    {
        byte[] option = ServerIdFrames.Option(253, 0x0a1b);
        await Notes(Reason.NoteTcpServer, Segment(5, ServerIdFrames.Option(253, 0xdead)));
        await Notes(Reason.NoteServerDown, Segment(5, ServerIdFrames.Option(253, 0x0a1d)));
        foreach (byte[] options in new byte[][] { [], [0, .. option], [253, 4, 1, 2], [8, 1, .. option], [8, 0, .. option], [8, 40, .. option], [.. Enumerable.Repeat((byte)1, 16), .. option], [.. Enumerable.Repeat((byte)1, 15), .. option] })
        {
            await Forwards(Segment(5, options), plan: Folded);
        }

        byte[] syn = FrameWriter.Frame(To(Www), Tcp, ServerIdFrames.Segment(To(Www), 5, 443, option, syn: true));
        await Forwards(syn, plan: Folded);
    }

    /// <summary>Every length of header and packet, and every byte of the options anything.</summary>
    [Fact]
    public async Task Tcp_options_are_never_read_beyond_header_or_packet()
    {
        byte[] options = [1, 8, 10, 0, 0, 0, 1, 0, 0, 0, 2, 253, 6, 0, 0, 0x0a, 0x1b, 5, 18, .. new byte[16], 253];
        byte[] whole = ServerIdFrames.Segment(To(Www), 5, 443, options);
        for (int length = 20; length <= whole.Length; length++)
        {
            await Send(FrameWriter.Frame(To(Www), Tcp, whole.AsSpan(0, length)), Folded);
        }

        for (int at = 12; at < 20 + options.Length; at++)
        {
            foreach (byte value in new byte[] { 0, 1, 2, 5, 6, 7, 0x50, 0x60, 0xa0, 0xf0, 253, 255 })
            {
                byte[] changed = [.. whole];
                changed[at] = value;
                await Send(FrameWriter.Frame(To(Www), Tcp, changed), Folded);
            }
        }
    }

    /// <summary>It quotes what the VIP sent, with the client's connection id in it.</summary>
    [Fact]
    public async Task Icmp_errors_go_by_the_quoted_flow()
    {
        IpFields reversed = new(To(Www).Destination, To(Www).Source);
        byte[] quote = FrameWriter.Packet(reversed, Udp, ServerIdFrames.Datagram(reversed, 443, Client, ServerIdFrames.ShortHeader(ServerIdFrames.ConnectionId(Config, 0x0a1b))));
        await Forwards(FrameWriter.Frame(To(Www), 1, FrameWriter.Icmp(To(Www), 3, 1, 0, quote)), plan: Folded);
    }

    private static byte[] Datagram(string vip, ushort client, byte[] payload)
    {
        IpFields ip = To(vip);
        return FrameWriter.Frame(ip, Udp, ServerIdFrames.Datagram(ip, client, 443, payload));
    }

    private static byte[] Segment(ushort client, byte[] options) => FrameWriter.Frame(To(Www), Tcp, ServerIdFrames.Segment(To(Www), client, 443, options));

    private async Task Notes(Reason note, byte[] frame, int outer = 20)
    {
        Observation actual = await Send(frame, Folded);
        Assert.Equal(PacketAction.Tx, actual.Action);
        Assert.Equal(frame.Length + outer, actual.Output.Length);
        Assert.Equal([new CounterDelta(CounterKind.Reason, (int)note, 1)], actual.Counted.Where(c => c.Kind == CounterKind.Reason));
        Assert.Contains(actual.Counted, c => c.Kind == CounterKind.BackendPackets);
    }
}
