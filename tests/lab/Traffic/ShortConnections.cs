using System.Collections.Immutable;
using System.Net;
using Weir.Lab.Network;

namespace Weir.Lab.Traffic;

/// <summary>Clients that open a TCP connection for every HTTP request.</summary>
public sealed class ShortConnections
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(5);
    private readonly LabHost _client;
    private readonly TimeSpan _pause;
    private readonly ImmutableArray<Task> _workers;
    private volatile bool _stopping;

    private ShortConnections(LabHost client, string name, IPEndPoint vip, int workers, TimeSpan pause)
    {
        _client = client;
        _pause = pause;
        Tally = new Tally(name);
        _workers = [.. Enumerable.Range(0, workers).Select(worker => WorkAsync(vip, pause * worker / workers))];
    }

    public Tally Tally { get; }

    /// <param name="workers">Requests under way at once.</param>
    /// <param name="pause">Between two requests of a worker.</param>
    public static ShortConnections Start(LabHost client, string name, IPEndPoint vip, int workers, TimeSpan pause) =>
        new(client, name, vip, workers, pause);

    /// <summary>Lets every request under way end.</summary>
    public async Task<Tally> StopAsync()
    {
        _stopping = true;
        await Task.WhenAll(_workers);
        return Tally;
    }

    private async Task WorkAsync(IPEndPoint vip, TimeSpan offset)
    {
        await Task.Delay(offset);
        while (!_stopping)
        {
            using (var connection = await HttpConnection.CreateAsync(_client, vip))
            using (var patience = new CancellationTokenSource(Patience))
            {
                try
                {
                    await connection.ConnectAsync(patience.Token);
                    var backend = await connection.RequestAsync(last: true, patience.Token);
                    await connection.DrainAsync(patience.Token);
                    Tally.Answered(backend);
                }
                catch (Exception error) when (error is System.Net.Sockets.SocketException or IOException or OperationCanceledException)
                {
                    Tally.Failed(Failure.From(connection.Flow, error));
                }
            }

            await Task.Delay(_pause);
        }
    }
}
