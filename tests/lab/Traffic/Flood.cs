using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using Weir.Lab.Accounting;
using Weir.Lab.Network;
using Weir.Lab.Servers;

namespace Weir.Lab.Traffic;

/// <param name="Offered">Datagrams sent.</param>
/// <param name="Delivered">Datagrams the backends received.</param>
public sealed record FloodResult(long Offered, long Delivered, TimeSpan Duration)
{
    public double OfferedPerSecond => Offered / Duration.TotalSeconds;

    public double DeliveredPerSecond => Delivered / Duration.TotalSeconds;
}

/// <summary>As many small UDP datagrams as the machine makes, for a bounded time, over many flows. Client, router, load
/// balancer and backends share its cores, so this says what the whole lab carries and not what a load balancer can.</summary>
public static class Flood
{
    private const int FlowsPerSender = 128;

    public static async Task<FloodResult> RunAsync(LabNetwork lab, IPEndPoint echo, TimeSpan duration, CancellationToken cancellation)
    {
        var before = Received(lab);
        var start = Stopwatch.GetTimestamp();
        using var end = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        end.CancelAfter(duration);
        var senders = Enumerable.Range(0, Math.Max(1, Environment.ProcessorCount / 2))
            .Select(_ => Task.Factory.StartNew(() => Send(lab.Client, echo, end.Token), CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default))
            .ToArray();
        var offered = (await Task.WhenAll(senders)).Sum();
        var elapsed = Stopwatch.GetElapsedTime(start);
        cancellation.ThrowIfCancellationRequested();
        await Task.Delay(TimeSpan.FromMilliseconds(200), cancellation);
        return new FloodResult(offered, Received(lab) - before, elapsed);
    }

    private static long Send(LabHost client, IPEndPoint echo, CancellationToken end)
    {
        var sockets = client.Network.Run(() => Enumerable.Range(0, FlowsPerSender).Select(_ =>
        {
            var socket = new Socket(echo.AddressFamily, SocketType.Dgram, ProtocolType.Udp);
            socket.Connect(echo);
            return socket;
        }).ToArray());
        var message = new byte[18];
        message[0] = EchoServer.Silent;
        var sent = 0L;
        try
        {
            while (!end.IsCancellationRequested)
            {
                foreach (var socket in sockets)
                {
                    socket.Send(message);
                    sent++;
                }
            }
        }
        finally
        {
            foreach (var socket in sockets)
            {
                socket.Dispose();
            }
        }

        return sent;
    }

    /// <summary>Datagrams that arrived, with those that found no room in the socket.</summary>
    private static long Received(LabNetwork lab) => lab.Backends
        .Select(backend => KernelCounters.Of(backend.Network))
        .Sum(counters => counters["Udp.InDatagrams"] + counters["Udp.InErrors"] + counters["Udp6InDatagrams"] + counters["Udp6InErrors"]);
}
