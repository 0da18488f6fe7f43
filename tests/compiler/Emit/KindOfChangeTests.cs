using System.Collections.Immutable;
using System.Net;
using Weir.Compiler.Diagnostics;
using Weir.Compiler.Emit;
using Weir.Compiler.Tests.Lowering;
using Weir.Compiler.Topologies;
using Xunit;

namespace Weir.Compiler.Tests.Emit;

/// <summary>Which of the three digests a change of the topology changes: population, tables, program.</summary>
public sealed class KindOfChangeTests
{
    [Theory]
    [InlineData(2)]
    [InlineData(12)]
    public void Backends_weights_and_states_are_population(int vips)
    {
        Topology topology = Samples.Topology(vips, pools: 2, backends: 5);
        Manifest before = Manifest(topology);
        foreach (Func<Pool, Pool> change in new Func<Pool, Pool>[]
        {
            p => p with { Backends = p.Backends.Add(new Backend("new", IPAddress.Parse("10.99.0.1"), 100, BackendState.Active, SourceSpan.None)) },
            p => p with { Backends = p.Backends.RemoveAt(1) },
            p => p with { Backends = p.Backends.SetItem(1, p.Backends[1] with { Weight = 77 }) },
            p => p with { Backends = p.Backends.SetItem(1, p.Backends[1] with { State = BackendState.Drain }) },
        })
        {
            Manifest after = Manifest(topology with { Pools = topology.Pools.SetItem(0, change(topology.Pools[0])) });
            Assert.NotEqual(before.PopulationDigest, after.PopulationDigest);
            Assert.Equal(before.TablesDigest, after.TablesDigest);
            Assert.Equal(before.Program.Digest, after.Program.Digest);
        }
    }

    [Fact]
    public void Renamed_backends_change_neither_program_nor_maps()
    {
        Topology topology = Samples.Topology(2);
        Pool pool = topology.Pools[0];
        Manifest before = Manifest(topology);
        Manifest after = Manifest(topology with { Pools = [pool with { Backends = [.. pool.Backends.Select(b => b with { Name = "x" + b.Name })] }] });
        Assert.Equal(before.PopulationDigest, after.PopulationDigest);
        Assert.Equal(before.Program.Digest, after.Program.Digest);
        Assert.NotEqual(before.Pools[0].Backends[0], after.Pools[0].Backends[0]);
    }

    [Fact]
    public void Vips_within_a_size_class_are_tables()
    {
        Manifest before = Manifest(Samples.Topology(7, pools: 2));
        Manifest after = Manifest(Samples.Topology(12, pools: 2));
        Assert.NotEqual(before.TablesDigest, after.TablesDigest);
        Assert.Equal(before.PopulationDigest, after.PopulationDigest);
        Assert.Equal(before.Program.Digest, after.Program.Digest);
    }

    [Fact]
    public void A_pool_within_a_size_class_is_no_program()
    {
        Manifest before = Manifest(Samples.Topology(10, pools: 4));
        Manifest after = Manifest(Samples.Topology(10, pools: 5));
        Assert.NotEqual(before.PopulationDigest, after.PopulationDigest);
        Assert.Equal(before.Program.Digest, after.Program.Digest);
    }

    [Fact]
    public void Folded_vips_and_an_outgrown_class_are_program()
    {
        Assert.NotEqual(Manifest(Samples.Topology(2)).Program.Digest, Manifest(Samples.Topology(3)).Program.Digest);
        Assert.NotEqual(Manifest(Samples.Topology(12)).Program.Digest, Manifest(Samples.Topology(13)).Program.Digest);
    }

    [Fact]
    public void A_range_of_a_known_length_is_tables_and_another_length_is_program()
    {
        Manifest before = Manifest(With("198.51.100.0/28"));
        Manifest another = Manifest(With("198.51.100.0/28", "198.51.100.64/28"));
        Manifest longer = Manifest(With("198.51.100.0/28", "198.51.100.64/29"));
        Assert.NotEqual(before.TablesDigest, another.TablesDigest);
        Assert.Equal(before.Program.Digest, another.Program.Digest);
        Assert.Equal(before.PopulationDigest, another.PopulationDigest);
        Assert.NotEqual(before.Program.Digest, longer.Program.Digest);

        static Topology With(params string[] ranges)
        {
            Topology topology = Samples.Topology(9);
            return topology with { Vips = topology.Vips.SetItem(0, topology.Vips[0] with { Ranges = [.. ranges.Select(IPNetwork.Parse)] }) };
        }
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Another_of_the_outer_sources_is_population_and_a_new_one_tables(bool ipv6)
    {
        Manifest one = Manifest(With("10.10.0.7", "fd00:10::7"));
        Manifest before = Manifest(With("10.10.0.7", "fd00:10::7", 1));
        Manifest moved = Manifest(With("10.10.0.7", "fd00:10::7", 1, 2));
        Manifest fresh = Manifest(With("10.10.0.8", "fd00:10::8", 1));
        Assert.NotEqual(one.Program.Digest, before.Program.Digest);
        Assert.Equal((before.Program.Digest, before.TablesDigest), (moved.Program.Digest, moved.TablesDigest));
        Assert.NotEqual(before.PopulationDigest, moved.PopulationDigest);
        Assert.Equal(before.Program.Digest, fresh.Program.Digest);
        Assert.NotEqual(before.TablesDigest, fresh.TablesDigest);

        Topology With(string source4, string source6, params int[] backends)
        {
            Topology topology = Samples.Topology(2, backends: 4, backends6: ipv6);
            EncapsulationOverride other = new(null, new OuterSource(IPAddress.Parse(source4), 32), new OuterSource(IPAddress.Parse(source6), 128), SourceSpan.None);
            Pool pool = topology.Pools[0];
            return topology with { Pools = [pool with { Backends = [.. pool.Backends.Select((b, i) => backends.Contains(i) ? b with { Encapsulation = other } : b)] }] };
        }
    }

    [Fact]
    public void Order_of_everything_written_in_any_order_does_not_matter()
    {
        Topology topology = Samples.Topology(8, pools: 2, backends: 6, backends6: true);
        Topology turned = topology with
        {
            Pools = [.. topology.Pools.Select(p => p with { Backends = [.. p.Backends.Reverse()] }).Reverse()],
            Vips = [.. topology.Vips.Select(v => v with { Addresses = [.. v.Addresses.Reverse()], Ports = [.. v.Ports.Reverse()] }).Reverse()],
        };
        Assert.Equal(SiteCompilation.Compile(topology, "ams1", null).Bundle!.Digest, SiteCompilation.Compile(turned, "ams1", null).Bundle!.Digest);
    }

    private static Manifest Manifest(Topology topology)
    {
        (VerifiedBundle? bundle, ImmutableArray<string> problems) = BundleReader.Read(SiteCompilation.Compile(topology, "ams1", null).Bundle!);
        Assert.Empty(problems);
        return bundle!.Manifest;
    }
}
