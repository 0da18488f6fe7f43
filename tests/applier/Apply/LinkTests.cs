using Weir.Applier.Apply;
using Weir.Applier.Generations;
using Weir.Applier.Status;
using Xunit;

namespace Weir.Applier.Tests.Apply;

/// <summary>Backends on the host's own link: their MACs come from the kernel's neighbours.</summary>
public class LinkTests
{
    [Fact]
    public void Macs_are_found_out_and_a_silent_backend_holds_nothing_up()
    {
        using TestHost host = new();
        Know(host, "10.1.0.1", "02:00:00:00:0b:01");
        Know(host, "10.1.0.3", "02:00:00:00:0b:03");
        TestTopology topology = TestTopology.Of(1, 3, 5) with { OnLink = true };
        ApplyOutcome first = host.Apply(topology);
        Assert.Equal(ChangeKind.Program, first.Change);
        Assert.Equal([("10.1.0.1", "02:00:00:00:0b:01"), ("10.1.0.3", "02:00:00:00:0b:03"), ("10.1.0.5", null)], Links(host));

        // It comes up: one store into the live map.
        Know(host, "10.1.0.5", "02:00:00:00:0b:05");
        ApplyOutcome second = host.Apply(topology);
        Assert.Equal((ChangeKind.Population, 1), (second.Change, second.Stores));
        Assert.Equal(("10.1.0.5", "02:00:00:00:0b:05"), Links(host)[^1]);

        // A new backend is stores too, its MAC the first of them.
        Know(host, "10.1.0.7", "02:00:00:00:0b:07");
        ApplyOutcome third = host.Apply(TestTopology.Of(1, 3, 5, 7) with { OnLink = true });
        Assert.Equal((ChangeKind.Population, first.Program.Id), (third.Change, third.Program.Id));
        Assert.Equal(("10.1.0.7", "02:00:00:00:0b:07"), Links(host)[^1]);

        // And one that leaves takes its MAC with it.
        Assert.Equal(ChangeKind.Population, host.Apply(TestTopology.Of(1, 3, 5) with { OnLink = true }).Change);
        Assert.Equal(3, Links(host).Length);
        Assert.Equal((InterfaceCondition.Live, ""), (host.Status().State, host.Status().Detail));
    }

    private static void Know(TestHost host, string address, string mac) =>
        host.Run("ip", "neigh", "replace", address, "lladdr", mac, "dev", host.Interface, "nud", "permanent");

    private static (string Address, string? Mac)[] Links(TestHost host) => [.. host.Status().Live!.Links!.Select(link => (link.Address, link.Mac))];
}
