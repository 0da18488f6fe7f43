using System.Collections.Immutable;
using System.Net;
using Weir.Lab.Network;

namespace Weir.Lab.Traffic;

/// <summary>How much of each kind of traffic, per VIP address. What two cores carry with time to spare.</summary>
/// <param name="Workers">New connections under way at once, one request each.</param>
/// <param name="Pause">Between two requests of a worker.</param>
/// <param name="Kept">Connections that stay open.</param>
/// <param name="Datagrams">UDP flows.</param>
/// <param name="Interval">Between two messages of a connection that stays open, or of a UDP flow.</param>
public sealed record TrafficVolume(int Workers, TimeSpan Pause, int Kept, int Datagrams, TimeSpan Interval)
{
    public static TrafficVolume Moderate { get; } = new(6, TimeSpan.FromMilliseconds(12), 256, 256, TimeSpan.FromMilliseconds(200));
}

/// <summary>What a mix did.</summary>
public sealed record TrafficResult(ImmutableArray<Tally> Tallies, ImmutableArray<KeptConnection> Kept, ImmutableArray<DatagramFlow> Datagrams, ImmutableArray<Failure> ShortFailures);

/// <summary>Everything a client does at once: new connections, kept connections and UDP, for every VIP address.</summary>
public sealed class TrafficMix
{
    private readonly List<ShortConnections> _short = [];
    private readonly List<KeptConnections> _kept = [];
    private readonly List<DatagramFlows> _datagrams = [];

    private TrafficMix()
    {
    }

    /// <summary>Everything counted so far, in the order of the table.</summary>
    public IEnumerable<Tally> Tallies =>
        [.. _short.Select(traffic => traffic.Tally), .. _kept.Select(traffic => traffic.Tally), .. _datagrams.Select(traffic => traffic.Tally)];

    public static async Task<TrafficMix> StartAsync(
        LabHost client, IEnumerable<IPEndPoint> http, IEnumerable<IPEndPoint> echo, TrafficVolume volume, CancellationToken cancellation)
    {
        var mix = new TrafficMix();
        foreach (var vip in http)
        {
            mix._kept.Add(await KeptConnections.StartAsync(client, $"HTTP, kept connections, {Family(vip)}", vip, volume.Kept, volume.Interval, cancellation));
        }

        foreach (var vip in echo)
        {
            mix._datagrams.Add(await DatagramFlows.StartAsync(client, $"UDP, {Family(vip)}", vip, volume.Datagrams, volume.Interval));
        }

        mix._short.AddRange(http.Select(vip => ShortConnections.Start(client, $"HTTP, new connections, {Family(vip)}", vip, volume.Workers, volume.Pause)));
        return mix;
    }

    /// <summary>Lets everything under way end.</summary>
    public async Task<TrafficResult> StopAsync(CancellationToken cancellation)
    {
        var shorts = Task.WhenAll(_short.Select(traffic => traffic.StopAsync()));
        var kept = Task.WhenAll(_kept.Select(traffic => traffic.StopAsync()));
        var datagrams = Task.WhenAll(_datagrams.Select(traffic => traffic.StopAsync(cancellation)));
        await Task.WhenAll(shorts, kept, datagrams).WaitAsync(cancellation);
        return new TrafficResult(
            [.. Tallies],
            [.. (await kept).SelectMany(flows => flows)],
            [.. (await datagrams).SelectMany(flows => flows)],
            [.. (await shorts).SelectMany(tally => tally.Failures)]);
    }

    private static string Family(IPEndPoint vip) => vip.AddressFamily == System.Net.Sockets.AddressFamily.InterNetwork ? "IPv4" : "IPv6";
}
