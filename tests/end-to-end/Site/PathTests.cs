using System.Net;
using System.Net.Sockets;
using Weir.Lab.Accounting;
using Weir.Lab.Network;
using Weir.Lab.Traffic;
using Xunit;

namespace Weir.EndToEnd.Tests.Site;

/// <summary>What the path between client and backend has to say: sizes and ICMP errors.</summary>
[Collection(LabSiteTests.Name)]
public sealed class PathTests(LabSite site)
{
    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    public async Task A_connection_learns_the_size_of_the_encapsulated_path_and_goes_on(int family)
    {
        var stop = TestContext.Current.CancellationToken;
        var slots = FlowSlots.Of(await site.ResetAsync(stop));
        var before = await site.CountAsync("tx-too-big", stop);
        var backends = new HashSet<string>(StringComparer.Ordinal);
        for (var i = 0; backends.Count < 3; i++)
        {
            Assert.True(i < 100, $"Only {string.Join(", ", backends)} answered.");
            // Full segments of the link's 1,500 bytes: with an outer header they do not fit, until the client has been told.
            await site.Lab.Client.RunAsync("ip", [family == 0 ? "-4" : "-6", "route", "flush", "cache"], stop);
            using var connection = await HttpConnection.CreateAsync(site.Lab.Client, LabSite.Http[family]);
            await connection.ConnectAsync(stop);
            var backend = await connection.RequestAsync(last: true, stop, bodyBytes: 100_000);
            Assert.Equal(slots.BackendOf(connection.Flow), backend);
            backends.Add(backend);
        }

        Assert.InRange(await site.CountAsync("tx-too-big", stop), before + 3, long.MaxValue);
    }

    [Fact]
    public async Task A_datagram_too_big_for_the_path_is_refused_with_the_size_that_fits()
    {
        const int dontFragment = 2, mtuDiscover = 10, mtu = 14; // linux/in.h: IP_PMTUDISC_DO, IP_MTU_DISCOVER, IP_MTU
        var stop = TestContext.Current.CancellationToken;
        var slots = FlowSlots.Of(await site.ResetAsync(stop));
        await site.Lab.Client.RunAsync("ip", ["-4", "route", "flush", "cache"], stop);
        using var socket = site.Lab.Client.Network.Run(() => new Socket(AddressFamily.InterNetwork, SocketType.Dgram, ProtocolType.Udp));
        socket.SetRawSocketOption(0, mtuDiscover, BitConverter.GetBytes(dontFragment));
        socket.Connect(LabSite.Echo[0]);
        socket.Send(new byte[1472]); // 1,500 with its headers
        var refused = await Assert.ThrowsAsync<SocketException>(async () => await socket.ReceiveAsync(new byte[2048], stop));

        Assert.Equal(SocketError.MessageSize, refused.SocketErrorCode);
        var value = new byte[4];
        socket.GetRawSocketOption(0, mtu, value);
        var outer = slots.BackendOf(new Flow(ProtocolType.Udp, (IPEndPoint)socket.LocalEndPoint!, LabSite.Echo[0])) == "web-3" ? 40 : 20;
        Assert.Equal(1500 - outer, BitConverter.ToInt32(value));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    public async Task Errors_about_replies_reach_the_backend_that_sent_them(int family)
    {
        var stop = TestContext.Current.CancellationToken;
        var slots = FlowSlots.Of(await site.ResetAsync(stop));
        // Replies of the backends die at the router, which says so to the VIP they came from.
        foreach (var backend in site.Lab.Backends)
        {
            SetHops(backend, family, 1);
        }

        try
        {
            for (var i = 0; i < 12; i++)
            {
                using var socket = site.Lab.Client.Network.Run(() => new Socket(LabSite.Echo[family].AddressFamily, SocketType.Dgram, ProtocolType.Udp));
                socket.Bind(new IPEndPoint(site.Lab.Client.Toward(LabSite.Echo[family].Address), 0));
                socket.Connect(LabSite.Echo[family]);
                var expected = slots.BackendOf(new Flow(ProtocolType.Udp, (IPEndPoint)socket.LocalEndPoint!, LabSite.Echo[family]));
                var before = Expired(family);
                socket.Send(new byte[8]);
                await WaitAsync(() => Expired(family).Values.Sum() > before.Values.Sum(), stop);
                Assert.Equal([expected], Expired(family).Where(count => count.Value != before[count.Key]).Select(count => count.Key));
            }
        }
        finally
        {
            foreach (var backend in site.Lab.Backends)
            {
                SetHops(backend, family, 64);
            }
        }
    }

    private static void SetHops(LabHost backend, int family, int hops) =>
        backend.Network.Set(family == 0 ? "ipv4/ip_default_ttl" : $"ipv6/conf/{LabHost.Interface}/hop_limit", hops);

    /// <summary>Time-exceeded messages that each backend's kernel received.</summary>
    private Dictionary<string, long> Expired(int family) => site.Lab.Backends.ToDictionary(
        backend => backend.Role,
        backend => KernelCounters.Of(backend.Network)[family == 0 ? "Icmp.InTimeExcds" : "Icmp6InTimeExcds"],
        StringComparer.Ordinal);

    private static async Task WaitAsync(Func<bool> condition, CancellationToken stop)
    {
        for (var attempt = 0; attempt < 250 && !condition(); attempt++)
        {
            await Task.Delay(TimeSpan.FromMilliseconds(20), stop);
        }
    }
}
