using System.Buffers.Binary;
using System.Collections.Immutable;
using System.Net;
using Weir.Applier.Build;
using Weir.Applier.Libbpf;
using Weir.Compiler.Lowering;
using Weir.Compiler.Model;
using Weir.Compiler.Planning;
using Weir.Compiler.Topologies;
using Weir.DataPlaneTests.Harness;
using Weir.DataPlaneTests.Rules;
using Weir.Testing.Plans;
using Xunit;

namespace Weir.DataPlaneTests.Fragments;

/// <summary>Fragments that follow their first: each sequence on one CPU, compared with the model packet by packet.</summary>
public sealed class FragmentTests(ITestOutputHelper output)
{
    private const byte Tcp = 6;
    private const byte Udp = 17;

    /// <summary><c>www</c> follows, <c>six</c> and <c>gone</c> do not.</summary>
    private static SitePlan Plan { get; } = Following(ExamplePlans.Small());

    public static TheoryData<bool, byte> Flows => new() { { false, Tcp }, { false, Udp }, { true, Tcp }, { true, Udp } };

    [Theory]
    [MemberData(nameof(Flows))]
    public async Task All_go_where_the_first_went(bool isV6, byte protocol)
    {
        foreach (SitePlan plan in new[] { Plan, Following(ExamplePlans.Ranges(hashed: true)) })
        {
            await Run(plan, bench =>
            {
                HashSet<int> rows = [];
                for (ushort client = 1; client <= 40; client++)
                {
                    int row = Backend(bench.Send(First(isV6, protocol, client, client)));
                    Assert.Equal(row, Backend(bench.Send(Later(isV6, protocol, client, 24, more: true))));
                    Assert.Equal(row, Backend(bench.Send(Later(isV6, protocol, client, 1000, more: false))));
                    Assert.Equal(row, Backend(bench.Send(Whole(isV6, protocol, client))));
                    rows.Add(row);
                }

                Assert.Equal(2, rows.Count);
            });
        }
    }

    [Theory]
    [MemberData(nameof(Flows))]
    public Task Before_its_first_a_later_one_is_dropped_and_behind_it_sent(bool isV6, byte protocol) => Run(Plan, bench =>
    {
        byte[] later = Later(isV6, protocol, 7, 24, more: false);
        Assert.Equal([Counted(Reason.DropFragmentUnknown)], bench.Send(later).Counted);
        bench.Send(First(isV6, protocol, 7, 1));
        Backend(bench.Send(later));

        // Another source, id or, over IPv4, protocol is another datagram; over IPv6 the first decides about the protocol.
        Assert.Equal([Counted(Reason.DropFragmentUnknown)], bench.Send(Later(isV6, protocol, 8, 24, more: false)).Counted);
        Assert.Equal([Counted(Reason.DropFragmentUnknown)], bench.Send(Later(isV6, protocol, 7, 24, more: false, client: 2)).Counted);
        Observation other = bench.Send(Later(isV6, (byte)(protocol ^ Tcp ^ Udp), 7, 24, more: false));
        Assert.Equal(isV6 ? PacketAction.Tx : PacketAction.Drop, other.Action);
    });

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public Task What_does_not_follow_is_dropped(bool isV6) => Run(Plan, bench =>
    {
        IpFields ip = To(isV6, "203.0.113.20", "2001:db8::20");
        Assert.Equal([Counted(Reason.DropFragment)], bench.Send(Fragment(ip, Tcp, 1, 0, more: true, FrameWriter.Transport(ip, Tcp, 1, 443, 4))).Counted);
        Assert.Equal([Counted(Reason.DropFragmentUnknown)], bench.Send(Fragment(ip, Tcp, 1, 24, more: false, new byte[8])).Counted);

        ip = To(isV6);
        Assert.Equal([Counted(Reason.DropFragment)], bench.Send(Fragment(ip, Tcp, 1, 0, more: true, FrameWriter.Transport(ip, Tcp, 1, 444, 4))).Counted);
        Assert.Equal([Counted(Reason.DropFragment)], bench.Send(Fragment(ip, isV6 ? (byte)58 : (byte)1, 1, 0, more: true, new byte[64])).Counted);
        Assert.Equal([Counted(Reason.DropFragment)], bench.Send(Fragment(ip, 132, 1, 0, more: true, new byte[64])).Counted);
    });

    [Theory]
    [MemberData(nameof(Flows))]
    public Task A_first_too_short_for_its_transport_header_is_malformed(bool isV6, byte protocol) => Run(Plan, bench =>
    {
        IpFields ip = To(isV6);
        byte[] transport = FrameWriter.Transport(ip, protocol, 1, Port(protocol), 12);
        for (int length = 0; length < (protocol == Tcp ? 20 : 8); length++)
        {
            Assert.Equal([Counted(Reason.DropMalformed)], bench.Send(Fragment(ip, protocol, 1, 0, more: true, transport.AsSpan(0, length))).Counted);
        }

        Backend(bench.Send(Fragment(ip, protocol, 1, 0, more: true, transport.AsSpan(0, protocol == Tcp ? 20 : 8))));
    });

    [Fact]
    public Task A_later_one_over_the_transport_header_is_malformed() => Run(Plan, bench =>
    {
        IpFields ip = To(isV6: false);
        bench.Send(First(false, Tcp, 1, 1));
        Assert.Equal([Counted(Reason.DropMalformed)], bench.Send(Fragment(ip, Tcp, 1, 8, more: true, new byte[8])).Counted);
        Assert.Equal([Counted(Reason.DropMalformed)], bench.Send(Fragment(ip, Tcp, 1, 16, more: true, new byte[8])).Counted);
        Backend(bench.Send(Fragment(ip, Tcp, 1, 24, more: true, new byte[8])));
        bench.Send(First(false, Udp, 1, 1));
        Backend(bench.Send(Fragment(ip, Udp, 1, 8, more: true, new byte[8])));
    });

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public Task Rows_are_taken_by_later_datagrams(bool isV6) => Run(Plan, bench =>
    {
        const int Datagrams = 1500;
        for (ushort id = 1; id <= Datagrams; id++)
        {
            bench.Send(First(isV6, Udp, id, 1));
        }

        int known = Enumerable.Range(1, Datagrams).Count(id => bench.Send(Later(isV6, Udp, (ushort)id, 24, more: false)).Action == PacketAction.Tx);
        output.WriteLine($"{known} of {Datagrams} datagrams are remembered in 1,024 rows");
        Assert.InRange(known, 600, 1024);
        Assert.Equal(PacketAction.Tx, bench.Send(Later(isV6, Udp, Datagrams, 24, more: false)).Action);
    });

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public Task What_is_remembered_ages(bool isV6) => Run(Plan, bench =>
    {
        bench.Send(First(isV6, Udp, 9, 1));
        byte[] later = Later(isV6, Udp, 9, 24, more: false);
        bench.Age(20);
        Backend(bench.Send(later));

        // A later fragment makes it no younger.
        bench.Age(8);
        Assert.Equal([Counted(Reason.DropFragmentUnknown)], bench.Send(later).Counted);
        bench.Send(First(isV6, Udp, 9, 1));
        Backend(bench.Send(later));
    });

    [Fact]
    public Task Extension_headers_before_and_behind_the_fragment_header_are_followed() => Run(Plan, bench =>
    {
        Extension options = new(60, [0, 0, 1, 4, 0, 0, 0, 0]);
        Extension routed = new(43, [0, 0, 4, 0, 0, 0, 0, 0]);
        Extension routing = new(43, [0, 0, 4, 1, 0, 0, 0, 0]);
        Extension atomic = new(44, [0, 0, 0, 0, 5, 5, 5, 5]);
        Extension first = Header(77, 0, more: true);
        Extension later = Header(77, 64, more: false);
        IpFields ip = To(isV6: true);
        byte[] transport = FrameWriter.Transport(ip, Udp, 5, 53, 30);
        int row = Backend(bench.Send(Chain(options, routed, atomic, first, options)));
        Assert.Equal(row, Backend(bench.Send(Chain(later))));
        Assert.Equal(row, Backend(bench.Send(Chain(options, atomic, later))));

        // What lies behind a later fragment's header is payload, whatever it seems to be.
        Assert.Equal(row, Backend(bench.Send(Chain(later, routing))));
        Assert.Equal([Counted(Reason.DropFragment)], bench.Send(Chain(first, routing)).Counted);
        Assert.Equal([Counted(Reason.DropFragment)], bench.Send(Chain(first, later)).Counted);
        Assert.Equal(row, Backend(bench.Send(Chain(first, first))));
        Assert.Equal([Counted(Reason.DropExtensions)], bench.Send(Chain([first, .. Enumerable.Repeat(options, 8)])).Counted);
        Assert.Equal([Counted(Reason.DropExtensions)], bench.Send(Chain([.. Enumerable.Repeat(options, 8), first])).Counted);
        Assert.Equal(row, Backend(bench.Send(Chain([.. Enumerable.Repeat(options, 7), later]))));
        Assert.Equal([Counted(Reason.DropMalformed)], bench.Send(Chain(first, new Extension(60, [0, 200, 1, 4, 0, 0, 0, 0]))).Counted);
        Assert.Equal([Counted(Reason.PassNoService)], bench.Send(Chain(routing)).Counted);

        byte[] Chain(params ImmutableArray<Extension> chain) => FrameWriter.Frame(ip with { Extensions = chain }, Udp, transport);
    });

    [Fact]
    public Task A_family_that_no_following_VIP_has_is_as_without() => Run(
        Plan with { Vips = [.. Plan.Vips.Select(v => v.Fragments == FragmentPolicy.Follow ? v with { Addresses = [v.Addresses[0]] } : v)] },
        bench =>
        {
            Backend(bench.Send(First(false, Udp, 1, 1)));
            IpFields ip = To(true, "203.0.113.20", "2001:db8::20");
            Assert.Equal([Counted(Reason.DropFragment)], bench.Send(Fragment(ip, Tcp, 1, 24, more: false, new byte[8])).Counted);
        });

    [Fact]
    public Task Anything_at_all_is_treated_as_the_model_says() => Run(Plan, bench =>
    {
        Random random = new(4711);
        Dictionary<string, int> outcomes = [];
        for (int i = 0; i < 20_000; i++)
        {
            bool isV6 = random.Next(2) == 0;
            byte protocol = random.Next(12) switch { 0 => 132, 1 => 1, < 6 => Tcp, _ => Udp };
            IpFields ip = To(isV6);
            int offset = random.Next(3) == 0 ? 0 : 8 * random.Next(random.Next(2) == 0 ? 4 : 8191);
            byte[] bytes = FrameWriter.Transport(ip, protocol is Tcp or Udp ? protocol : Udp, (ushort)random.Next(3), random.Next(8) == 0 ? (ushort)9 : Port(protocol), random.Next(60));
            byte[] frame = Fragment(ip, protocol, (ushort)random.Next(1, 6), offset, random.Next(2) == 0, bytes.AsSpan(0, random.Next(bytes.Length + 1)));
            if (random.Next(6) == 0)
            {
                frame[random.Next(12, Math.Min(frame.Length, 80))] ^= (byte)(1 << random.Next(8));
            }

            Observation seen = bench.Send(random.Next(10) == 0 ? frame[..random.Next(14, frame.Length)] : frame);
            string name = seen.Counted.Length == 1 ? seen.Counted[0].ToString() : seen.Action.ToString();
            outcomes[name] = outcomes.GetValueOrDefault(name) + 1;
        }

        output.WriteLine(string.Join(", ", outcomes.OrderBy(o => o.Key).Select(o => $"{o.Key}: {o.Value}")));
        Assert.All(new[] { Reason.DropFragment, Reason.DropFragmentUnknown, Reason.DropMalformed }, reason => Assert.Contains($"{reason.Name()} +1", outcomes.Keys));
        Assert.Contains("Tx", outcomes.Keys);
    });

    private static SitePlan Following(SitePlan plan) => plan with { Vips = [.. plan.Vips.Select(v => v.Name == "www" ? v with { Fragments = FragmentPolicy.Follow } : v)] };

    private static ushort Port(byte protocol) => protocol == Udp ? (ushort)53 : (ushort)443;

    private static IpFields To(bool isV6, string v4 = "203.0.113.10", string v6 = "2001:db8::10", ushort client = 1) =>
        new(IPAddress.Parse(isV6 ? $"2001:db8:c::{client:x}" : $"198.51.{client >> 8}.{client & 255}"), IPAddress.Parse(isV6 ? v6 : v4), TrafficClass: 0x2e);

    private static byte[] First(bool isV6, byte protocol, ushort id, ushort client)
    {
        IpFields ip = To(isV6);
        return Fragment(ip, protocol, id, 0, more: true, FrameWriter.Transport(ip, protocol, client, Port(protocol), 12).AsSpan(0, 20));
    }

    private static byte[] Later(bool isV6, byte protocol, ushort id, int offset, bool more, ushort client = 1) =>
        Fragment(To(isV6, client: client), protocol, id, offset, more, new byte[40]);

    private static byte[] Whole(bool isV6, byte protocol, ushort client)
    {
        IpFields ip = To(isV6);
        return FrameWriter.Frame(ip, protocol, FrameWriter.Transport(ip, protocol, client, Port(protocol), 12));
    }

    private static byte[] Fragment(IpFields ip, byte protocol, ushort id, int offset, bool more, ReadOnlySpan<byte> bytes) => ip.IsV6
        ? FrameWriter.Frame(ip with { Extensions = [Header(id, offset, more)] }, protocol, bytes)
        : FrameWriter.Frame(ip with { Id = id, Fragment = (ushort)((more ? 0x2000 : 0) | (offset / 8)) }, protocol, bytes);

    private static Extension Header(ushort id, int offset, bool more) => new(44, [0, 0, (byte)(offset >> 8), (byte)(offset | (more ? 1 : 0)), 0, 0, (byte)(id >> 8), (byte)id]);

    private static CounterDelta Counted(Reason reason) => new(CounterKind.Reason, (int)reason, 1);

    /// <summary>The row of the backend that it was sent to.</summary>
    private static int Backend(Observation sent)
    {
        Assert.Equal(PacketAction.Tx, sent.Action);
        return sent.Counted.Single(delta => delta.Kind == CounterKind.BackendPackets).Index;
    }

    private static async Task Run(SitePlan plan, Action<Bench> test)
    {
        ObjectBuilder builder = new(await Clang.FindAsync());
        using ProgramUnderTest program = await ProgramUnderTest.LoadAsync(SiteLowering.Lower(plan), RuleBench.Host, builder, TestContext.Current.CancellationToken);
        using MapMapping table = program.Mmap(".bss.fragments");
        BoundThread.Run(() =>
        {
            test(new Bench(plan, program, table));
            return true;
        });
    }

    /// <summary>A program and the model beside it, both with what they remember.</summary>
    private sealed class Bench(SitePlan plan, ProgramUnderTest program, MapMapping table)
    {
        private readonly PacketModel model = new(plan, RuleBench.Host);

        public Observation Send(byte[] frame)
        {
            Verdict verdict = model.Process(frame);
            Observation actual = program.Run(frame);
            string? difference = actual.DifferenceFrom(verdict, CounterWatch.Expected(program.Plane, verdict));
            Assert.True(difference is null, difference is null ? null : Disagreement.Describe(difference, plan, RuleBench.Host, frame, verdict, actual));
            return actual;
        }

        /// <summary>Makes all that is remembered older by so many units of the clock.</summary>
        public void Age(uint by)
        {
            int rows = table.Length / Layouts.Fragment.Size;
            for (int row = 0; row < rows; row++)
            {
                Span<byte> seen = table.Bytes.Slice((row * Layouts.Fragment.Size) + Layouts.Fragment["seen"].Offset, sizeof(uint));
                BinaryPrimitives.WriteUInt32LittleEndian(seen, BinaryPrimitives.ReadUInt32LittleEndian(seen) - by);
            }

            model.Fragments.Now += by;
        }
    }
}
