using System.Globalization;
using System.Net;
using Weir.Compiler.Diagnostics;
using Weir.Compiler.Emit;
using Weir.Compiler.Planning;
using Weir.Compiler.Tests.Lowering;
using Weir.Compiler.Topologies;
using Xunit;

namespace Weir.Compiler.Tests.Emit;

/// <summary>What changes of server ids are: weights and states leave their table as it is.</summary>
public sealed class ServerIdChangeTests
{
    [Theory]
    [InlineData(2)]
    [InlineData(12)]
    public void Weights_and_states_stay_population(int vips)
    {
        Topology topology = Named(vips);
        Manifest before = Manifest(topology);
        foreach (Func<Backend, Backend> change in new Func<Backend, Backend>[]
        {
            b => b with { Weight = 77 },
            b => b with { State = BackendState.Drain },
            b => b with { State = BackendState.Down },
        })
        {
            Manifest after = Manifest(Changed(topology, change));
            Assert.NotEqual(before.PopulationDigest, after.PopulationDigest);
            Assert.Equal(before.TablesDigest, after.TablesDigest);
            Assert.Equal(before.Program.Digest, after.Program.Digest);
        }
    }

    [Theory]
    [InlineData(2)]
    [InlineData(12)]
    public void Ids_and_backends_that_have_them_are_tables(int vips)
    {
        Topology topology = Named(vips);
        Manifest before = Manifest(topology);
        Pool pool = topology.Pools[0];
        Backend another = new("new", IPAddress.Parse("10.99.0.1"), 100, BackendState.Active, SourceSpan.None) { ServerId = "0bad" };
        foreach (Topology changed in new[]
        {
            Changed(topology, b => b with { ServerId = "0ace" }),
            topology with { Pools = topology.Pools.SetItem(0, pool with { Backends = pool.Backends.Add(another) }) },
            topology with { Pools = topology.Pools.SetItem(0, pool with { Quic = new QuicRouting(QuicScheme.QuicLb, [new QuicConfig(3, 2, 6, null)]) }) },
        })
        {
            Manifest after = Manifest(changed);
            Assert.NotEqual(before.TablesDigest, after.TablesDigest);
            Assert.Equal(before.Program.Digest, after.Program.Digest);
        }
    }

    [Fact]
    public void They_are_read_back_from_a_bundle()
    {
        Bundle bundle = SiteCompilation.Compile(Named(3), "ams1", null).Bundle!;
        SitePlan plan = BundleReader.Read(bundle).Bundle!.ToSitePlan();
        Assert.Equal(QuicScheme.QuicLb, plan.Pools[0].Quic!.Scheme);
        Assert.Equal([new QuicConfig(0, 2, 6, null)], plan.Pools[0].Quic!.Configs);
        Assert.Equal((byte)253, plan.Pools[0].TcpOption);
        Assert.All(plan.Pools[0].Backends, b => Assert.Equal(4, b.ServerId!.Length));
        Assert.Contains(plan.Vips[0].Ports, p => p.Quic);
    }

    private static Topology Named(int vips)
    {
        Topology topology = Samples.Topology(vips, pools: 2, backends: 5);
        return topology with
        {
            Pools = [.. topology.Pools.Select(p => p with
            {
                Quic = new QuicRouting(QuicScheme.QuicLb, [new QuicConfig(0, 2, 6, null)]),
                TcpOption = 253,
                Backends = [.. p.Backends.Select((b, i) => b with { ServerId = (i + 1).ToString("x4", CultureInfo.InvariantCulture) })],
            })],
            Vips = [.. topology.Vips.Select(v => v with { Ports = [.. v.Ports, new PortRange(TransportProtocol.Udp, 443, 443) { Quic = true }] })],
        };
    }

    private static Topology Changed(Topology topology, Func<Backend, Backend> change) => topology with
    {
        Pools = topology.Pools.SetItem(0, topology.Pools[0] with { Backends = topology.Pools[0].Backends.SetItem(1, change(topology.Pools[0].Backends[1])) }),
    };

    private static Manifest Manifest(Topology topology) => BundleReader.Read(SiteCompilation.Compile(topology, "ams1", null).Bundle!).Bundle!.Manifest;
}
