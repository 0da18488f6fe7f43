using System.Buffers.Binary;
using System.Net;
using Weir.Compiler.Model;
using Weir.Compiler.Planning;
using Weir.DataPlaneTests.Harness;
using Weir.DataPlaneTests.Rules;
using Weir.Testing.Plans;
using Xunit;

namespace Weir.DataPlaneTests.Nat;

/// <summary><c>bpf/README.md</c>, section 10: whose row a new connection gets, in a table that others have filled.</summary>
public sealed class NatRowTests
{
    private const int RowBytes = 64, Rows = 4 << 15;

    private const uint Turn = 16, Busy = 1, Udp = 2, Answered = 1, Settled = 2, BothEnd = 12, Reset = 16;

    private static readonly IpFields Ip = new(IPAddress.Parse("198.51.100.7"), IPAddress.Parse("203.0.113.10"));

    /// <summary>Units of 2^30 ns; what is 7,000 of them old was last seen some two hours ago.</summary>
    [Theory]
    [InlineData(Turn, Answered | Settled, 0, false)]
    [InlineData(Turn, Answered | Settled, 6_900, false)]
    [InlineData(Turn, Answered | Settled, 7_000, true)]
    [InlineData(Turn | Udp, Answered | Settled, 200, false)]
    [InlineData(Turn | Udp, Answered | Settled, 300, true)]
    [InlineData(Turn, 0u, 0, true)]
    [InlineData(Turn, Answered, 0, true)]
    [InlineData(Turn, Answered | Settled | BothEnd, 0, true)]
    [InlineData(Turn, Answered | Settled | Reset, 0, true)]
    [InlineData(Turn | Busy, 0u, 7_000, false)]
    public async Task A_new_connection_takes_rows_that_are_old_or_not_settled(uint turn, uint said, uint age, bool taken)
    {
        using NatSession session = await NatSession.Open(NatPlans.All());
        Fill(session, _ => turn, _ => said, _ => age);
        byte[] before = session.Rows.ToArray();
        Observation actual = session.Run(Syn(1));
        CounterDelta[] reasons = [.. actual.Counted.Where(c => c.Kind == CounterKind.Reason)];
        int[] changed = Changed(before, session.Rows);
        if (!taken)
        {
            Assert.Equal([new CounterDelta(CounterKind.Reason, (int)Reason.DropNatFull, 1)], reasons);
            Assert.Empty(changed);
            return;
        }

        Assert.Equal(PacketAction.Tx, actual.Action);
        Assert.Empty(reasons);
        int row = Assert.Single(changed);
        Assert.Equal((byte)(0x20 + (row >> 15)), actual.Output[14 + 15]);
        Assert.Equal(0x8000 | (row & 0x7fff), BinaryPrimitives.ReadUInt16BigEndian(actual.Output.AsSpan(34)));
    }

    /// <summary>Of 16 rows that are not settled the oldest goes, wherever it is; twenty connections in a row find twenty of them.</summary>
    [Fact]
    public async Task The_one_that_is_longest_quiet_goes_first()
    {
        using NatSession session = await NatSession.Open(NatPlans.All());
        Random random = new(1);
        uint[] ages = [.. Enumerable.Range(0, Rows).Select(_ => (uint)random.Next(1, 200))];
        Fill(session, _ => Turn, _ => 0, row => ages[row]);
        for (ushort client = 1; client <= 20; client++)
        {
            byte[] before = session.Rows.ToArray();
            Assert.Equal(PacketAction.Tx, session.Run(Syn(client)).Action);
            int row = Assert.Single(Changed(before, session.Rows));
            int bucket = row / 8 * 8;
            Assert.Equal(ages[bucket..(bucket + 8)].Max(), ages[row]);
            ages[row] = 0;
        }
    }

    /// <summary>Where the host has no sources nothing can be translated, and nothing is read that is not there.</summary>
    [Fact]
    public async Task A_host_without_sources_drops_new_connections()
    {
        using NatSession session = await NatSession.Open(NatPlans.All(), RuleBench.Host with { NatSources = new HostNatSources("lb1", null, null) });
        Observation actual = session.Send(Syn(1));
        Assert.Equal([new CounterDelta(CounterKind.Reason, (int)Reason.DropNatFull, 1)], actual.Counted);
    }

    private static byte[] Syn(ushort client) => FrameWriter.Frame(Ip, 6, FrameWriter.Transport(Ip, 6, (ushort)(40_000 + client), 443, 0));

    private static void Fill(NatSession session, Func<int, uint> turn, Func<int, uint> said, Func<int, uint> age)
    {
        uint now = (uint)((ulong)(Environment.TickCount64 * 1_000_000) >> 30);
        for (int row = 0; row < Rows; row++)
        {
            Span<byte> at = session.Rows.Slice(row * RowBytes, RowBytes);
            BinaryPrimitives.WriteUInt32LittleEndian(at, turn(row));
            BinaryPrimitives.WriteUInt32LittleEndian(at[4..], (((now - age(row)) & 0xffffff) << 8) | said(row));
        }
    }

    private static int[] Changed(byte[] before, ReadOnlySpan<byte> after)
    {
        List<int> rows = [];
        for (int row = 0; row < Rows; row++)
        {
            if (!before.AsSpan(row * RowBytes, RowBytes).SequenceEqual(after.Slice(row * RowBytes, RowBytes)))
            {
                rows.Add(row);
            }
        }

        return [.. rows];
    }
}
