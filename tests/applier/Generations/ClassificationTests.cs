using Weir.Applier.Generations;
using Weir.Compiler.Emit;
using Xunit;

namespace Weir.Applier.Tests.Generations;

public class ClassificationTests
{
    private static readonly Manifest Live = Some.Manifest(Some.Pool("web", 32, [1, 2]));

    [Fact]
    public void Without_a_live_generation_everything_is_new() =>
        Assert.Equal(ChangeKind.Program, Classification.Of(null, Live, sameBundle: false, sameObject: true).Kind);

    [Fact]
    public void The_same_bundle_is_nothing_to_do() =>
        Assert.Equal(ChangeKind.None, Of(Live, sameBundle: true).Kind);

    [Fact]
    public void Each_digest_has_its_kind()
    {
        Assert.Equal(ChangeKind.Population, Of(Live with { PopulationDigest = "other" }).Kind);
        Assert.Equal(ChangeKind.Tables, Of(Live with { PopulationDigest = "other", TablesDigest = "other" }).Kind);
        Assert.Equal(ChangeKind.Program, Of(Live with { TablesDigest = "other", Program = Live.Program with { Digest = "other" } }).Kind);
    }

    [Fact]
    public void Names_alone_are_a_population_change_without_stores() =>
        Assert.Equal("only names and notes changed", Of(Live with { TopologyDigest = "other" }).Reason);

    [Fact]
    public void A_next_hop_is_a_store() =>
        Assert.Equal(ChangeKind.Population, Of(Live with { Traffic = Live.Traffic with { NextHopV4 = new("10.0.0.2", null) } }).Kind);

    [Fact]
    public void A_pool_that_moved_within_the_maps_takes_new_maps() =>
        Assert.Equal(ChangeKind.Tables, Of(Live with { PopulationDigest = "other", Pools = [Some.Pool("web", 32, [1, 2], backendOffset: 32)] }).Kind);

    /// <summary>Its number in the tables may stay, and the kernel would keep the old key.</summary>
    [Fact]
    public void Another_key_file_takes_a_new_instance()
    {
        Classification change = Classification.Of(WithKey("/etc/weir/a.key"), WithKey("/etc/weir/b.key"), sameBundle: false, sameObject: true);
        Assert.Equal((ChangeKind.Tables, "connection ids have other key files"), (change.Kind, change.Reason));
        Assert.Equal(ChangeKind.None, Classification.Of(WithKey("/etc/weir/a.key"), WithKey("/etc/weir/a.key"), sameBundle: true, sameObject: true).Kind);

        static Manifest WithKey(string file) => Live with
        {
            Pools = [Some.Pool("web", 32, [1, 2]) with { Quic = new ManifestQuic("quic-lb", [new ManifestQuicConfig(0, 2, 6, file)]) }],
        };
    }

    [Fact]
    public void Another_object_file_is_another_program() =>
        Assert.Equal(ChangeKind.Program, Classification.Of(Live, Live, sameBundle: true, sameObject: false).Kind);

    private static Classification Of(Manifest next, bool sameBundle = false) => Classification.Of(Live, next, sameBundle, sameObject: true);
}
