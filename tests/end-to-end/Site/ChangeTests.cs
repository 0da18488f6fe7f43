using System.Net.Sockets;
using Weir.Applier.Generations;
using Weir.Applier.Status;
using Weir.Lab.Accounting;
using Weir.Lab.Network;
using Weir.Lab.Processes;
using Weir.Lab.Tools;
using Xunit;

namespace Weir.EndToEnd.Tests.Site;

/// <summary>What changes do to traffic that flows meanwhile.</summary>
[Collection(LabSiteTests.Name)]
public sealed class ChangeTests(LabSite site)
{
    [Fact]
    public async Task Adding_and_draining_resets_exactly_the_connections_in_the_slots_that_the_compiler_names()
    {
        var stop = TestContext.Current.CancellationToken;
        var before = await site.ResetAsync(stop);
        var ledger = PacketLedger.Open(site.Lab);
        var mix = await site.StartTrafficAsync(stop);
        await Task.Delay(TimeSpan.FromSeconds(1), stop);

        var repository = await TopologyRepository.CreateAsync(
            Path.Combine(site.Lab.Directory, "repository"), Path.Combine(LabSite.Example, "topology"), stop);
        var commit = await repository.CommitPatchAsync(Path.Combine(LabSite.Example, "change.patch"), "Add web-4, drain web-2", stop);
        var after = Path.Combine(site.Lab.Directory, "bundle-after");
        var built = (await WeirTools.BuildAsync(repository.Directory, "lab", after, stop, commit, "--compare", before, "--format", "json")).Required();
        (await WeirTools.ApplyAsync(site.Lab.LoadBalancer, after, stop)).Required();
        await Task.Delay(TimeSpan.FromSeconds(1), stop);
        var traffic = await mix.StopAsync(stop);

        var named = NamedSlots.Parse(built.Output);
        var slots = FlowSlots.Of(before);
        var account = ChangeAccount.Of(traffic, slots, named, await ledger.SettleAsync(stop));
        Assert.Equal(ChangeKind.Population, (await site.StatusAsync(stop)).Live!.Change);
        var reset = traffic.Kept.Where(kept => kept.Failure is not null).Select(kept => kept.Flow.ToString()).Order(StringComparer.Ordinal);
        var expected = traffic.Kept.Where(kept => named.Contains(slots.SlotOf(kept.Flow))).Select(kept => kept.Flow.ToString()).Order(StringComparer.Ordinal);
        Assert.NotEmpty(expected);
        Assert.Equal(expected, reset);
        Assert.Empty(account.Other);
        Assert.Equal(0, account.DatagramsLost);
        Assert.True(account.Packets.Holds, account.Packets.ToString());
        Assert.All(account.Flows, flows => Assert.True(flows.Exact, flows.ToString()));
        var slotsAfter = FlowSlots.Of(after);
        Assert.All(traffic.Datagrams, flow => Assert.Equal(slotsAfter.BackendOf(flow.Flow), flow.Backends[^1]));
    }

    [Fact]
    public async Task Another_program_takes_over_without_losing_a_packet()
    {
        var stop = TestContext.Current.CancellationToken;
        await site.ResetAsync(stop);
        await UnderTrafficAsync(() => site.ApplyAsync(files => files.Replace("tcp/80", "tcp/80, tcp/443", StringComparison.Ordinal), stop), stop);
        Assert.Equal(ChangeKind.Program, (await site.StatusAsync(stop)).Live!.Change);
    }

    [Fact]
    public async Task Other_tables_take_over_without_losing_a_packet()
    {
        var stop = TestContext.Current.CancellationToken;
        static string With(string files, int more) => files.Replace(
            "address: [203.0.113.10, ",
            $"address: [203.0.113.10, {string.Concat(Enumerable.Range(100, more).Select(last => $"203.0.113.{last}, "))}",
            StringComparison.Ordinal);
        await site.ApplyAsync(files => With(files, 8), stop);
        await UnderTrafficAsync(() => site.ApplyAsync(files => With(files, 9), stop), stop);
        Assert.Equal(ChangeKind.Tables, (await site.StatusAsync(stop)).Live!.Change);
    }

    [Fact]
    public async Task Decapsulation_run_again_takes_over_without_losing_a_packet()
    {
        var stop = TestContext.Current.CancellationToken;
        await site.ResetAsync(stop);
        await UnderTrafficAsync(
            async () =>
            {
                foreach (var backend in site.Lab.Backends)
                {
                    var before = await XdpOfAsync(backend, stop);
                    (await WeirTools.DecapAsync(backend, stop)).Required();
                    Assert.NotEqual(before, await XdpOfAsync(backend, stop));
                }
            },
            stop);
    }

    [Fact]
    public async Task What_cannot_be_applied_leaves_what_runs_alone()
    {
        var stop = TestContext.Current.CancellationToken;
        await site.ResetAsync(stop);
        var live = (await site.StatusAsync(stop)).Live!;
        var broken = await site.BuildAsync(files => files.Replace("tcp/80", "tcp/81", StringComparison.Ordinal), stop);
        var noObject = Path.Combine(site.Lab.Directory, "no-object.o");
        await File.WriteAllTextAsync(noObject, "This is no ELF file.\n", stop);

        await UnderTrafficAsync(
            async () =>
            {
                var notAnObject = await WeirTools.ApplyAsync(site.Lab.LoadBalancer, broken, stop, "--object", noObject);
                Assert.Equal(1, notAnObject.ExitCode);
                Assert.NotEmpty(notAnObject.Error);

                var manifest = Path.Combine(broken, "manifest.json");
                await File.WriteAllTextAsync(manifest, (await File.ReadAllTextAsync(manifest, stop)).Replace("\"mtu\": 1500", "\"mtu\": 1400", StringComparison.Ordinal), stop);
                await File.AppendAllTextAsync(Path.Combine(broken, "lb.bpf.c"), "this is no C\n", stop);
                var notWhole = await WeirTools.ApplyAsync(site.Lab.LoadBalancer, broken, stop);
                Assert.Equal(1, notWhole.ExitCode);
                Assert.NotEmpty(notWhole.Error);

                var nowhere = await WeirTools.ApplyAsync(site.Lab.LoadBalancer, Path.Combine(site.Lab.Directory, "nowhere"), stop);
                Assert.NotEqual(0, nowhere.ExitCode);
            },
            stop);
        var after = await site.StatusAsync(stop);
        Assert.Equal(InterfaceCondition.Live, after.State);
        Assert.Equal((live.Generation, live.Program, live.BundleDigest), (after.Live!.Generation, after.Live.Program, after.Live.BundleDigest));
    }

    [Fact]
    public async Task Detaching_leaves_the_interface_clean()
    {
        var stop = TestContext.Current.CancellationToken;
        await site.ResetAsync(stop);
        Assert.Contains("prog/xdp", await XdpOfAsync(site.Lab.LoadBalancer, stop), StringComparison.Ordinal);
        (await WeirTools.ApplierAsync(site.Lab.LoadBalancer, ["detach", "--interface", LabHost.Interface], stop)).Required();

        Assert.Empty(await XdpOfAsync(site.Lab.LoadBalancer, stop));
        Assert.Empty(Directory.EnumerateFiles(Path.Combine(site.Lab.LoadBalancer.Bpf, "weir"), "*", SearchOption.AllDirectories));
        using var socket = site.Lab.Client.Network.Run(() => new Socket(AddressFamily.InterNetwork, SocketType.Dgram, ProtocolType.Udp));
        socket.Connect(LabSite.Echo[0]);
        socket.Send(new byte[8]);
        socket.ReceiveTimeout = 300;
        Assert.ThrowsAny<SocketException>(() => socket.Receive(new byte[64]));
    }

    /// <summary>Runs a change in the middle of traffic that must not notice.</summary>
    private async Task UnderTrafficAsync(Func<Task> change, CancellationToken stop)
    {
        var ledger = PacketLedger.Open(site.Lab);
        var mix = await site.StartTrafficAsync(stop);
        await Task.Delay(TimeSpan.FromMilliseconds(500), stop);
        await change();
        await Task.Delay(TimeSpan.FromMilliseconds(500), stop);
        var traffic = await mix.StopAsync(stop);
        LabSite.AssertUntouched(traffic, await ledger.SettleAsync(stop));
    }

    /// <summary>What <c>ip link</c> says of the program on a host's interface; empty without one.</summary>
    private static async Task<string> XdpOfAsync(LabHost host, CancellationToken stop)
    {
        var link = (await Command.RunAsync("ip", ["-n", host.Network.Name, "-details", "link", "show", LabHost.Interface], stop)).Required();
        return link.Output.Split('\n').SingleOrDefault(line => line.Contains("prog/xdp", StringComparison.Ordinal))?.Trim() ?? string.Empty;
    }
}
