using System.Net;
using Weir.Compiler.Model;
using Weir.Compiler.Planning;
using Weir.Compiler.Topologies;
using Weir.Testing.Plans;
using Xunit;

namespace Weir.Compiler.Tests.Model.ConnectionIds;

/// <summary>The model's answer to connection ids that others wrote: the draft's vectors for plaintext (appendix "Unencrypted CIDs"), and Katran's layout.</summary>
public sealed class RoutableIdTests
{
    [Theory]
    [InlineData("07c4605e4504cc4f", 0, 3, 4, "c4605e")]
    [InlineData("2a350d28b4203487d9700b", 1, 5, 5, "350d28b420")]
    public void The_drafts_vectors_name_their_servers(string id, int config, int serverIdLength, int nonceLength, string server)
    {
        QuicRouting quic = new(QuicScheme.QuicLb, [new QuicConfig(config, serverIdLength, nonceLength, null)]);
        Assert.Equal(Convert.FromHexString(id), Filled(ServerIdFrames.ConnectionId(quic.Configs[0], ServerNumber.Of(server)), Convert.FromHexString(id), 1 + serverIdLength));
        Assert.True(Choose(quic, server, ServerIdFrames.ShortHeader(Convert.FromHexString(id))).Named);
        Assert.True(Choose(quic, server, ServerIdFrames.LongHeader(1, 2, Convert.FromHexString(id))).Named);
        Assert.Equal(Reason.NoteQuicServer, Choose(quic, "01", ServerIdFrames.ShortHeader(Convert.FromHexString(id))).Note);
    }

    /// <summary>Version in two bits; 16 bits behind them, or 24 or 32 from the second byte on.</summary>
    [Theory]
    [InlineData("7f55400000000000", "fd55")]
    [InlineData("40004000000000ff", "0001")]
    [InlineData("80a1b2c3ffffffff", "a1b2c3")]
    [InlineData("ffa1b2c3d4ffffff", "a1b2c3d4")]
    public void Katrans_versions_name_their_servers(string id, string server) =>
        Assert.True(Choose(new QuicRouting(QuicScheme.Katran, []), server, ServerIdFrames.ShortHeader(Convert.FromHexString(id))).Named);

    [Theory]
    [InlineData("3f55400000000000", Reason.NoteQuicConfig)]
    [InlineData("7f554000000000", Reason.NoteQuicShort)]
    public void What_katran_cannot_read_is_noted(string id, Reason note) =>
        Assert.Equal(note, Choose(new QuicRouting(QuicScheme.Katran, []), "fd55", ServerIdFrames.ShortHeader(Convert.FromHexString(id), rest: 0)).Note);

    private static byte[] Filled(byte[] made, byte[] other, int from) => [.. made.AsSpan(0, from), .. other.AsSpan(from)];

    private static FlowChoice Choose(QuicRouting quic, string server, byte[] payload)
    {
        SitePlan plan = ExamplePlans.ServerIds();
        PoolPlan pool = plan.Pools[2] with { Quic = quic, Backends = [plan.Pools[2].Backends[0] with { ServerId = server }], Ring = [.. new ushort[4096]] };
        plan = plan with { Pools = plan.Pools.SetItem(2, pool) };
        IpFields ip = new(IPAddress.Parse("198.51.100.7"), IPAddress.Parse("203.0.113.10"));
        Verdict verdict = new PacketModel(plan, new HostState(null, null)).Process(FrameWriter.Frame(ip, 17, ServerIdFrames.Datagram(ip, 5555, 443, payload)));
        return verdict.Flow!;
    }
}
