using System.Net;
using System.Net.Sockets;
using System.Text;
using Weir.Lab.Accounting;
using Weir.Lab.Network;
using Weir.Lab.Traffic;
using Xunit;

namespace Weir.EndToEnd.Tests.Site;

/// <summary>Datagrams that the client's kernel sends in pieces and a backend's puts together again.</summary>
[Collection(LabSiteTests.Name)]
public sealed class FragmentTests(LabSite site)
{
    private const int Bytes = 4000;
    private const int Flows = 12;

    /// <summary>Receive queues may run on several CPUs, each with a table of its own: a datagram may get lost, as datagrams may.</summary>
    private const int Tries = 5;

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    public async Task A_datagram_of_4000_bytes_reaches_the_backend_of_its_flow_whole(int family)
    {
        var stop = TestContext.Current.CancellationToken;
        var slots = FlowSlots.Of(await site.ApplyAsync(files => files.Replace("    ports: [udp/7]", "    ports: [udp/7]\n    fragments: follow", StringComparison.Ordinal), stop));
        await WithShortRouteAsync(family, async () =>
        {
            HashSet<string> backends = [];
            for (var flow = 0; flow < Flows; flow++)
            {
                using var socket = Connect(family);
                var expected = slots.BackendOf(new Flow(ProtocolType.Udp, (IPEndPoint)socket.LocalEndPoint!, LabSite.Echo[family]));
                Assert.Equal(expected, await AskAsync(socket, Tries, stop));
                backends.Add(expected!);
            }

            Assert.InRange(backends.Count, 2, 3);
        }, stop);
    }

    [Fact]
    public async Task Without_following_none_of_it_arrives()
    {
        var stop = TestContext.Current.CancellationToken;
        await site.ResetAsync(stop);
        var before = await site.CountAsync("drop-fragment", stop);
        await WithShortRouteAsync(0, async () =>
        {
            using var socket = Connect(0);
            Assert.Null(await AskAsync(socket, 1, stop));
        }, stop);
        Assert.Equal(before + 3, await site.CountAsync("drop-fragment", stop));
    }

    private Socket Connect(int family)
    {
        var socket = site.Lab.Client.Network.Run(() => new Socket(LabSite.Echo[family].AddressFamily, SocketType.Dgram, ProtocolType.Udp));
        socket.Bind(new IPEndPoint(site.Lab.Client.Toward(LabSite.Echo[family].Address), 0));
        socket.Connect(LabSite.Echo[family]);
        return socket;
    }

    /// <summary>The backend that sent the whole datagram back, or null when nobody did.</summary>
    private static async Task<string?> AskAsync(Socket socket, int tries, CancellationToken stop)
    {
        var sent = new byte[Bytes];
        new Random(Bytes).NextBytes(sent);
        sent[0] = 0;
        var received = new byte[2 * Bytes];
        for (var attempt = 0; attempt < tries; attempt++)
        {
            await socket.SendAsync(sent, stop);
            using var patience = CancellationTokenSource.CreateLinkedTokenSource(stop);
            patience.CancelAfter(TimeSpan.FromSeconds(1));
            try
            {
                var length = await socket.ReceiveAsync(received, patience.Token);
                Assert.Equal(sent, received[..Bytes]);
                return Encoding.ASCII.GetString(received, Bytes, length - Bytes);
            }
            catch (OperationCanceledException) when (!stop.IsCancellationRequested)
            {
                // Ask again.
            }
        }

        return null;
    }

    /// <summary>With a route to the VIP whose fragments leave room for an outer header.</summary>
    private async Task WithShortRouteAsync(int family, Func<Task> test, CancellationToken stop)
    {
        var client = site.Lab.Client;
        var vip = LabSite.Echo[family].Address;
        var version = family == 0 ? "-4" : "-6";
        var words = (await client.RunAsync("ip", [version, "route", "get", vip.ToString()], stop)).Output.Split(' ');
        var gateway = words[Array.IndexOf(words, "via") + 1];
        await client.RunAsync("ip", [version, "route", "replace", $"{vip}/{(family == 0 ? 32 : 128)}", "via", gateway, "dev", LabHost.Interface, "mtu", "1400"], stop);
        try
        {
            await test();
        }
        finally
        {
            await client.RunAsync("ip", [version, "route", "del", $"{vip}/{(family == 0 ? 32 : 128)}"], CancellationToken.None);
        }
    }
}
