using System.Collections.Immutable;
using System.Diagnostics;
using System.Globalization;
using Spectre.Console;
using Weir.Lab.Accounting;
using Weir.Lab.Network;
using Weir.Lab.Servers;
using Weir.Lab.Tools;
using Weir.Lab.Traffic;

namespace Weir.Lab.Quickstart;

/// <summary>The main job from a commit to traffic, in a lab, and a change under load.</summary>
internal sealed class QuickstartRun(QuickstartOptions options, Say say)
{
    private static readonly TimeSpan First = TimeSpan.FromSeconds(8);
    private static readonly TimeSpan Before = TimeSpan.FromSeconds(2);
    private static readonly TimeSpan After = TimeSpan.FromSeconds(4);

    /// <returns>0 when everything came out as it should, else 1.</returns>
    public async Task<int> RunAsync(CancellationToken cancellation)
    {
        say.Step("making namespaces: client, router, lb, web-1, web-2, web-3, and web-4 as a spare");
        await using var lab = await LabNetwork.CreateAsync(new LabOptions { Name = options.Name }, cancellation);

        say.Step("committing the topology to a new git repository");
        var repository = await TopologyRepository.CreateAsync(
            Path.Combine(lab.Directory, "topology"), Path.Combine(options.Example, "topology"), cancellation);
        var site = new LabSite(lab, repository, say);
        var commit = await repository.HeadAsync(cancellation);
        var bundle = await site.BuildAsync(commit, before: null, cancellation);
        var slots = FlowSlots.Of(bundle.Directory);
        var vips = QuickstartVips.Of(slots.Manifest);

        say.Step("starting HTTP and echo servers on the backends, and their decapsulation");
        await lab.HoldVipsAsync(vips.Addresses, cancellation);
        using var servers = ServerSet.Start(lab, vips.Http, vips.Echo);
        await site.DecapAsync(cancellation);
        await site.ApplyAsync(bundle, cancellation);

        var quiet = await ServeAsync(lab, vips, slots, cancellation);
        var account = await ChangeAsync(site, vips, slots, bundle, cancellation);
        if (options.Flood)
        {
            await FloodAsync(lab, vips, cancellation);
        }

        if (options.Stay)
        {
            await StayAsync(lab, cancellation);
        }

        say.Step("cleaning up");
        return Verdict.Print(say.Results, quiet, account);
    }

    private async Task<QuietResult> ServeAsync(LabNetwork lab, QuickstartVips vips, FlowSlots slots, CancellationToken cancellation)
    {
        say.Step("sending traffic: new HTTP connections, kept ones, UDP; IPv4 and IPv6");
        var ledger = PacketLedger.Open(lab);
        var start = Stopwatch.GetTimestamp();
        var mix = await TrafficMix.StartAsync(lab.Client, vips.Http, vips.Echo, TrafficVolume.Moderate, cancellation);
        await WatchAsync(mix, First, cancellation);
        var traffic = await mix.StopAsync(cancellation);
        var duration = Stopwatch.GetElapsedTime(start);
        var packets = await ledger.SettleAsync(cancellation);
        say.Results.Write(Tables.Traffic(traffic.Tallies, slots.Manifest.Pools[0], duration, packets.RequestsSent));
        return new QuietResult(traffic, slots, packets);
    }

    private async Task<ChangeAccount> ChangeAsync(LabSite site, QuickstartVips vips, FlowSlots slots, SiteBundle old, CancellationToken cancellation)
    {
        say.Step("sending traffic again, for a change under load");
        var ledger = PacketLedger.Open(site.Lab);
        var mix = await TrafficMix.StartAsync(site.Lab.Client, vips.Http, vips.Echo, TrafficVolume.Moderate, cancellation);
        await WatchAsync(mix, Before, cancellation);

        say.Step("committing a change: web-4 is added, web-2 is drained");
        var patch = Path.GetFullPath(Path.Combine(options.Example, "change.patch"));
        var commit = await site.Repository.CommitPatchAsync(patch, "Add web-4, drain web-2", cancellation);
        var bundle = await site.BuildAsync(commit, old, cancellation);
        say.Step($"the compiler says that {bundle.Named.Count} slots move");
        await site.ApplyAsync(bundle, cancellation);

        await WatchAsync(mix, After, cancellation);
        var traffic = await mix.StopAsync(cancellation);
        var account = ChangeAccount.Of(traffic, slots, bundle.Named, await ledger.SettleAsync(cancellation));
        say.Results.Write(Tables.Change(account));
        say.Results.Write(Tables.Packets(account.Packets));
        return account;
    }

    private async Task FloodAsync(LabNetwork lab, QuickstartVips vips, CancellationToken cancellation)
    {
        say.Step("sending as many small datagrams as this machine makes, for 3 s");
        var flood = await Flood.RunAsync(lab, vips.Echo[0], TimeSpan.FromSeconds(3), cancellation);
        say.Results.MarkupLineInterpolated(
            CultureInfo.InvariantCulture,
            $"{flood.DeliveredPerSecond:N0} packets per second reached the backends, {flood.OfferedPerSecond:N0} were offered; client, router, load balancer and backends share {Environment.ProcessorCount} cores.");
    }

    private async Task StayAsync(LabNetwork lab, CancellationToken cancellation)
    {
        say.Step("the lab stays until Ctrl-C. For example:");
        say.Detail($"nsenter --net={lab.Client.Network.Path} bash\nnsenter --net={lab.LoadBalancer.Network.Path} artifacts/bin/weir-applier status --state-dir {lab.LoadBalancer.State} --bpffs {lab.LoadBalancer.Bpf}");
        await Task.Delay(Timeout.Infinite, cancellation);
    }

    /// <summary>Lets traffic run and says every two seconds how it goes.</summary>
    private async Task WatchAsync(TrafficMix mix, TimeSpan duration, CancellationToken cancellation)
    {
        var step = TimeSpan.FromSeconds(2);
        for (var passed = TimeSpan.Zero; passed < duration; passed += step)
        {
            await Task.Delay(step, cancellation);
            var tallies = mix.Tallies.ToImmutableArray();
            say.Detail(string.Create(CultureInfo.InvariantCulture, $"{tallies.Sum(tally => tally.Requests):N0} requests, {tallies.Sum(tally => tally.Failures.Length):N0} failed"));
        }
    }
}
