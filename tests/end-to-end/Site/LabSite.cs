using System.Collections.Immutable;
using System.Net;
using System.Text.Json;
using Weir.Applier.Status;
using Weir.Lab.Accounting;
using Weir.Lab.Network;
using Weir.Lab.Servers;
using Weir.Lab.Tools;
using Weir.Lab.Traffic;
using Weir.Testing;
using Xunit;

namespace Weir.EndToEnd.Tests.Site;

/// <summary>One lab for all tests of a load balancer: the quickstart's topology, built and applied by the tools themselves.
/// A test that needs the topology as it is begins with <see cref="ResetAsync"/>.</summary>
public sealed class LabSite : IAsyncLifetime
{
    private LabNetwork? _lab;
    private ServerSet? _servers;
    private int _bundles;

    public static TrafficVolume Volume { get; } = new(3, TimeSpan.FromMilliseconds(15), 64, 64, TimeSpan.FromMilliseconds(100));

    public static ImmutableArray<IPEndPoint> Http { get; } = [new(IPAddress.Parse("203.0.113.10"), 80), new(IPAddress.Parse("2001:db8:ff::10"), 80)];

    public static ImmutableArray<IPEndPoint> Echo { get; } = [new(IPAddress.Parse("203.0.113.20"), 7), new(IPAddress.Parse("2001:db8:ff::20"), 7)];

    public static string Example { get; } = Path.Combine(RepositoryRoot.Path, "examples", "quickstart");

    public LabNetwork Lab => _lab ?? throw new InvalidOperationException("The lab is not up.");

    public async ValueTask InitializeAsync()
    {
        _lab = await LabNetwork.CreateAsync(new LabOptions(), CancellationToken.None);
        try
        {
            await Lab.HoldVipsAsync(Http.Concat(Echo).Select(vip => vip.Address), CancellationToken.None);
            _servers = ServerSet.Start(Lab, Http, Echo);
            foreach (var backend in Lab.Backends)
            {
                (await WeirTools.DecapAsync(backend, CancellationToken.None)).Required();
            }
        }
        catch
        {
            await DisposeAsync();
            throw;
        }
    }

    public async ValueTask DisposeAsync()
    {
        _servers?.Dispose();
        if (_lab is not null)
        {
            await _lab.DisposeAsync();
        }
    }

    /// <summary>Makes the quickstart's topology live, whatever was before.</summary>
    /// <returns>Its bundle's directory.</returns>
    public Task<string> ResetAsync(CancellationToken stop) => ApplyAsync(files => files, stop);

    /// <summary>Builds an edited copy of the quickstart's topology and makes it live.</summary>
    /// <returns>The bundle's directory.</returns>
    public async Task<string> ApplyAsync(Func<string, string> edit, CancellationToken stop)
    {
        var bundle = await BuildAsync(edit, stop);
        (await WeirTools.ApplyAsync(Lab.LoadBalancer, bundle, stop)).Required();
        return bundle;
    }

    /// <summary>Builds a copy of the quickstart's topology, every file of it edited.</summary>
    /// <returns>The bundle's directory.</returns>
    public async Task<string> BuildAsync(Func<string, string> edit, CancellationToken stop)
    {
        var topology = Path.Combine(Lab.Directory, $"topology-{++_bundles}");
        Directory.CreateDirectory(topology);
        foreach (var file in Directory.GetFiles(Path.Combine(Example, "topology"), "*.yaml"))
        {
            await File.WriteAllTextAsync(Path.Combine(topology, Path.GetFileName(file)), edit(await File.ReadAllTextAsync(file, stop)), stop);
        }

        var bundle = Path.Combine(Lab.Directory, $"bundle-{_bundles}");
        (await WeirTools.BuildAsync(topology, "lab", bundle, stop)).Required();
        return bundle;
    }

    public Task<TrafficMix> StartTrafficAsync(CancellationToken stop) => TrafficMix.StartAsync(Lab.Client, Http, Echo, Volume, stop);

    /// <summary>What the load balancer's own command says of it.</summary>
    public async Task<InterfaceStatus> StatusAsync(CancellationToken stop)
    {
        var said = (await WeirTools.ApplierAsync(Lab.LoadBalancer, ["status", "--json"], stop)).Required();
        return JsonSerializer.Deserialize(said.Output, StatusJson.Default.StatusReport)!.Interfaces.Single(on => on.Interface == LabHost.Interface);
    }

    /// <summary>How often an outcome was counted.</summary>
    /// <param name="reason">As <c>tx-too-big</c>.</param>
    public async Task<long> CountAsync(string reason, CancellationToken stop) =>
        (await StatusAsync(stop)).Live!.Reasons.SingleOrDefault(counted => counted.Name == reason)?.Packets ?? 0;

    /// <summary>Nothing failed, nothing was lost, nobody else answered.</summary>
    public static void AssertUntouched(TrafficResult traffic, Conservation packets)
    {
        Assert.Empty(traffic.Tallies.SelectMany(tally => tally.Failures));
        Assert.All(traffic.Tallies, tally => Assert.True(tally.Requests > 0, $"{tally.Name}: no request"));
        Assert.All(traffic.Datagrams, flow => Assert.Equal((flow.Sent, 0L, 0L, 1), (flow.Answered, flow.Twice, flow.Errors, flow.Backends.Length)));
        Assert.True(packets.Holds, packets.ToString());
    }
}

/// <summary>Tests in it share the lab, one after the other.</summary>
[CollectionDefinition(Name)]
public sealed class LabSiteTests : ICollectionFixture<LabSite>
{
    public const string Name = "site";
}
