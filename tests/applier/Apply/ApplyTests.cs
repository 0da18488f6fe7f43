using System.Net;
using Weir.Applier.Apply;
using Weir.Applier.Generations;
using Weir.Applier.Libbpf;
using Weir.Applier.Status;
using Xunit;

namespace Weir.Applier.Tests.Apply;

public class ApplyTests
{
    [Fact]
    public void The_first_bundle_is_built_proven_and_attached()
    {
        using TestHost host = new();
        ApplyOutcome outcome = host.Apply(TestTopology.Of(1, 2, 3));
        Assert.Equal((ChangeKind.Program, 1, XdpMode.Native), (outcome.Change, outcome.Generation, outcome.Mode));
        Assert.True(outcome.ProofPackets > 50);
        Assert.Equal(["read", "built", "loaded", "proven", "live"], outcome.Steps.Select(step => step.Name));
        Assert.Equal(outcome.Program.Id, host.Attached());
        InterfaceStatus status = host.Status();
        Assert.Equal((InterfaceCondition.Live, ""), (status.State, status.Detail));
    }

    [Fact]
    public void The_same_bundle_again_is_nothing_to_do()
    {
        using TestHost host = new();
        uint program = host.Apply(TestTopology.Of(1, 2, 3)).Program.Id;
        ApplyOutcome again = host.Apply(TestTopology.Of(1, 2, 3));
        Assert.Equal((ChangeKind.None, 1, 0, program), (again.Change, again.Generation, again.Stores, again.Program.Id));
    }

    [Fact]
    public void Backends_and_drain_are_stores_into_the_maps_that_run()
    {
        using TestHost host = new();
        uint program = host.Apply(TestTopology.Of(1, 2, 3)).Program.Id;
        ApplyOutcome outcome = host.Apply(TestTopology.Of(1, 2, 3, 4) with { Drained = [2] });
        Assert.Equal((ChangeKind.Population, 2, 1), (outcome.Change, outcome.Generation, outcome.Instance));
        Assert.True(outcome.Stores > 100);
        Assert.True(outcome.ProofPackets > 50);
        Assert.Equal(program, host.Attached());
        InterfaceStatus status = host.Status();
        Assert.Equal((InterfaceCondition.Live, ""), (status.State, status.Detail));
        Assert.Equal("drain", status.Live!.Backends.Single(backend => backend.Name == "web-2").State);
    }

    [Fact]
    public void A_backend_that_gets_another_of_the_outer_sources_is_one_store()
    {
        using TestHost host = new();
        uint program = host.Apply(TestTopology.Of(1, 2, 3) with { OtherSource = [1, 2] }).Program.Id;
        ApplyOutcome outcome = host.Apply(TestTopology.Of(1, 2, 3) with { OtherSource = [1, 2, 3] });
        Assert.Equal((ChangeKind.Population, 1, program), (outcome.Change, outcome.Stores, host.Attached()));
        Assert.True(outcome.ProofPackets > 50);
        Assert.Equal(ChangeKind.None, host.Apply(TestTopology.Of(1, 2, 3) with { OtherSource = [1, 2, 3] }).Change);
    }

    [Fact]
    public void Another_range_of_a_known_length_is_new_maps_for_the_same_program()
    {
        using TestHost host = new();
        host.Apply(TestTopology.Of(1, 2, 3) with { Vips = 8, Ranges = [IPNetwork.Parse("198.51.100.0/28")] });
        ApplyOutcome outcome = host.Apply(TestTopology.Of(1, 2, 3) with { Vips = 8, Ranges = [IPNetwork.Parse("198.51.100.0/28"), IPNetwork.Parse("198.51.100.32/28")] });
        Assert.Equal(ChangeKind.Tables, outcome.Change);
        Assert.True(outcome.ProofPackets > 50);
    }

    [Fact]
    public void Ids_stay_with_their_backends_over_stores_and_swaps()
    {
        using TestHost host = new();
        host.Apply(TestTopology.Of(1, 2, 3));
        Dictionary<string, int> first = Ids(host);
        host.Apply(TestTopology.Of(2, 3, 4, 5));
        Dictionary<string, int> second = Ids(host);
        host.Apply(TestTopology.Of(1, 3, 4, 5) with { Mtu = 1400 });
        Dictionary<string, int> third = Ids(host);
        Assert.Equal((first["web-2"], first["web-3"]), (second["web-2"], second["web-3"]));
        Assert.DoesNotContain(first["web-1"], new[] { second["web-4"], second["web-5"] });
        Assert.Equal((second["web-3"], second["web-4"], second["web-5"]), (third["web-3"], third["web-4"], third["web-5"]));
    }

    [Fact]
    public void Another_VIP_in_the_tables_is_the_same_object_with_new_maps()
    {
        using TestHost host = new();
        host.Apply(TestTopology.Of(1, 2, 3));
        ApplyOutcome outcome = host.Apply(TestTopology.Of(1, 2, 3) with { Vips = 6 });
        Assert.Equal((ChangeKind.Tables, 2, 2), (outcome.Change, outcome.Generation, outcome.Instance));
        Assert.Contains("clang not needed", outcome.Steps.Single(step => step.Name == "built").Detail, StringComparison.Ordinal);
        Assert.Equal(outcome.Program.Id, host.Attached());
        Assert.Equal(6, host.Status().Live!.Vips.Length);
        Assert.Equal(["gen-2", "link"], host.Pinned);
    }

    [Fact]
    public void Another_MTU_is_another_program()
    {
        using TestHost host = new();
        host.Apply(TestTopology.Of(1, 2, 3));
        ApplyOutcome outcome = host.Apply(TestTopology.Of(1, 2, 3) with { Mtu = 1400 });
        Assert.Equal((ChangeKind.Program, 2), (outcome.Change, outcome.Generation));
        Assert.Equal(outcome.Program.Id, host.Attached());
    }

    [Fact]
    public void Another_MAC_of_the_next_hop_is_one_store()
    {
        using TestHost host = new();
        host.Apply(TestTopology.Of(1, 3) with { Mac = "02:00:00:00:00:01" });
        ApplyOutcome outcome = host.Apply(TestTopology.Of(1, 3) with { Mac = "02:00:00:00:00:02" });
        Assert.Equal(ChangeKind.Population, outcome.Change);
        Assert.Equal("02:00:00:00:00:02", host.Status().Live!.NextHops[0].Mac);
    }

    private static Dictionary<string, int> Ids(TestHost host) =>
        host.Status().Live!.Backends.ToDictionary(backend => backend.Name, backend => backend.Id, StringComparer.Ordinal);
}
