using System.Net;
using System.Net.NetworkInformation;
using Weir.Lab.Accounting;
using Weir.Lab.Servers;
using Weir.Lab.Traffic;
using Xunit;

namespace Weir.EndToEnd.Tests.Site;

/// <summary>What a load balancer does all day, with real sockets at both ends.</summary>
[Collection(LabSiteTests.Name)]
public sealed class ForwardingTests(LabSite site)
{
    [Fact]
    public async Task Every_flow_is_answered_by_the_backend_that_the_ring_names()
    {
        var stop = TestContext.Current.CancellationToken;
        var slots = FlowSlots.Of(await site.ResetAsync(stop));
        var ledger = PacketLedger.Open(site.Lab);
        var mix = await site.StartTrafficAsync(stop);
        await Task.Delay(TimeSpan.FromSeconds(2), stop);
        var traffic = await mix.StopAsync(stop);

        LabSite.AssertUntouched(traffic, await ledger.SettleAsync(stop));
        Assert.All(traffic.Kept, kept => Assert.Equal(slots.BackendOf(kept.Flow), kept.Backend));
        Assert.All(traffic.Datagrams, flow => Assert.Equal([slots.BackendOf(flow.Flow)], flow.Backends));
        Assert.Equal(["web-1", "web-2", "web-3"], traffic.Kept.Select(kept => kept.Backend).Distinct().Order(StringComparer.Ordinal));
    }

    [Fact]
    public async Task Packets_counted_for_vips_and_backends_are_those_the_backends_received()
    {
        var stop = TestContext.Current.CancellationToken;
        await site.ResetAsync(stop);
        var before = (await site.StatusAsync(stop)).Live!;
        var ledger = PacketLedger.Open(site.Lab);
        var mix = await site.StartTrafficAsync(stop);
        await Task.Delay(TimeSpan.FromSeconds(1), stop);
        await mix.StopAsync(stop);
        var packets = await ledger.SettleAsync(stop);
        var after = (await site.StatusAsync(stop)).Live!;

        Assert.Equal(packets.RequestsReceived, after.Vips.Sum(vip => vip.Packets) - before.Vips.Sum(vip => vip.Packets));
        Assert.Equal(packets.RequestsReceived, after.Backends.Sum(backend => backend.Packets) - before.Backends.Sum(backend => backend.Packets));
    }

    [Fact]
    public async Task Echo_requests_to_vips_are_answered()
    {
        var stop = TestContext.Current.CancellationToken;
        await site.ResetAsync(stop);
        var before = await site.CountAsync("tx-echo-reply", stop);
        foreach (var vip in LabSite.Http)
        {
            var status = site.Lab.Client.Network.Run(() =>
            {
                using var ping = new Ping();
                return ping.Send(vip.Address, 5000, new byte[1000]).Status;
            });
            Assert.Equal(IPStatus.Success, status);
        }

        Assert.Equal(before + LabSite.Http.Length, await site.CountAsync("tx-echo-reply", stop));
    }

    [Fact]
    public async Task Ports_without_a_service_are_the_hosts_own()
    {
        var stop = TestContext.Current.CancellationToken;
        await site.ResetAsync(stop);
        foreach (var vip in LabSite.Http)
        {
            var own = new IPEndPoint(vip.Address, 2222);
            await site.Lab.LoadBalancer.HoldAsync([vip.Address], stop);
            using var server = HttpServer.Start(site.Lab.LoadBalancer, own);
            using var connection = await HttpConnection.CreateAsync(site.Lab.Client, own);
            await connection.ConnectAsync(stop);
            Assert.Equal("lb", await connection.RequestAsync(last: true, stop));
        }
    }
}
