using System.Net;
using Weir.Lab.Accounting;
using Weir.Lab.Network;
using Weir.Lab.Processes;
using Weir.Lab.Servers;
using Weir.Lab.Traffic;
using Xunit;

namespace Weir.EndToEnd.Tests.Instrument;

/// <summary>The lab itself, without a load balancer: what it reports as lost was lost, and nothing else.</summary>
public sealed class InstrumentTests
{
    private static readonly IPEndPoint[] Http = [new(IPAddress.Parse("203.0.113.10"), 80), new(IPAddress.Parse("2001:db8:ff::10"), 80)];
    private static readonly IPEndPoint[] Echo = [new(IPAddress.Parse("203.0.113.20"), 7), new(IPAddress.Parse("2001:db8:ff::20"), 7)];
    private static readonly TrafficVolume Little = new(2, TimeSpan.FromMilliseconds(20), 8, 8, TimeSpan.FromMilliseconds(50));

    [Fact]
    public async Task Every_packet_is_accounted_for_when_none_is_lost()
    {
        var stop = TestContext.Current.CancellationToken;
        await using var lab = await RoutedAroundAsync(stop);
        using var servers = ServerSet.Start(lab, Http, Echo);
        var ledger = PacketLedger.Open(lab);
        var mix = await TrafficMix.StartAsync(lab.Client, Http, Echo, Little, stop);
        await Task.Delay(TimeSpan.FromSeconds(1), stop);
        var traffic = await mix.StopAsync(stop);

        Assert.All(traffic.Tallies, tally => Assert.True(tally.Requests > 0 && tally.Failures.IsEmpty, $"{tally.Name}: {tally.Requests} requests, {tally.Failures.FirstOrDefault()}"));
        Assert.All(traffic.Datagrams, flow => Assert.Equal((flow.Sent, 0, 0), (flow.Answered, flow.Twice, flow.Errors)));
        Assert.All(traffic.Kept, kept => Assert.Equal("web-1", kept.Backend));
        var packets = await ledger.SettleAsync(stop);
        Assert.True(packets.Holds, packets.ToString());
    }

    [Fact]
    public async Task Datagrams_that_a_router_drops_are_counted_as_lost()
    {
        var stop = TestContext.Current.CancellationToken;
        await using var lab = await RoutedAroundAsync(stop);
        using var servers = ServerSet.Start(lab, Http, Echo);
        var ledger = PacketLedger.Open(lab);
        var flows = await DatagramFlows.StartAsync(lab.Client, "UDP", Echo[0], 4, TimeSpan.FromMilliseconds(10));
        await Task.Delay(TimeSpan.FromMilliseconds(200), stop);
        await RouteAsync(lab, ["replace", "blackhole", AddressPlan.VipsV4], stop);
        await Task.Delay(TimeSpan.FromMilliseconds(200), stop);
        await RouteAsync(lab, ["replace", AddressPlan.VipsV4, "via", lab.Backends[0].V4.ToString()], stop);
        await Task.Delay(TimeSpan.FromMilliseconds(200), stop);
        var ended = await flows.StopAsync(stop);
        var packets = await ledger.SettleAsync(stop);

        Assert.All(ended, flow => Assert.InRange(flow.Lost, 1, flow.Sent - 1));
        Assert.Equal(ended.Sum(flow => flow.Lost), packets.RequestsSent - packets.RequestsReceived);
    }

    [Fact]
    public async Task A_connection_led_to_another_backend_is_reset()
    {
        var stop = TestContext.Current.CancellationToken;
        await using var lab = await RoutedAroundAsync(stop);
        using var servers = ServerSet.Start(lab, Http, Echo);
        var kept = await KeptConnections.StartAsync(lab.Client, "kept", Http[0], 8, TimeSpan.FromMilliseconds(20), stop);
        await RouteAsync(lab, ["replace", AddressPlan.VipsV4, "via", lab.Backends[1].V4.ToString()], stop);
        await Task.Delay(TimeSpan.FromMilliseconds(300), stop);

        Assert.All(await kept.StopAsync(), connection => Assert.Equal(FlowEnd.Reset, connection.Failure?.End));
    }

    [Fact]
    public async Task Nothing_is_left_of_a_lab()
    {
        var stop = TestContext.Current.CancellationToken;
        string directory;
        string[] names;
        await using (var lab = await LabNetwork.CreateAsync(new LabOptions(), stop))
        {
            directory = lab.Directory;
            names = [lab.Client.Network.Path, lab.Router.Path, .. lab.Backends.Select(backend => backend.Network.Path)];
            Assert.All(names, name => Assert.True(File.Exists(name)));
        }

        Assert.All(names, name => Assert.False(File.Exists(name)));
        Assert.False(Directory.Exists(directory));
        Assert.DoesNotContain(directory, await File.ReadAllTextAsync("/proc/self/mounts", stop), StringComparison.Ordinal);
    }

    /// <summary>A lab whose router sends the VIPs' networks straight to web-1.</summary>
    private static async Task<LabNetwork> RoutedAroundAsync(CancellationToken stop)
    {
        var lab = await LabNetwork.CreateAsync(new LabOptions(), stop);
        await lab.HoldVipsAsync([.. Http.Concat(Echo).Select(vip => vip.Address)], stop);
        await RouteAsync(lab, ["replace", AddressPlan.VipsV4, "via", lab.Backends[0].V4.ToString()], stop);
        await RouteAsync(lab, ["replace", AddressPlan.VipsV6, "via", lab.Backends[0].V6.ToString()], stop);
        return lab;
    }

    private static async Task RouteAsync(LabNetwork lab, string[] route, CancellationToken stop) =>
        (await Command.RunAsync("ip", ["-n", lab.Router.Name, "route", .. route], stop)).Required();
}
