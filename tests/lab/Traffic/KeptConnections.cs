using System.Collections.Immutable;
using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using Weir.Lab.Network;

namespace Weir.Lab.Traffic;

/// <summary>What became of a connection that was kept open.</summary>
/// <param name="Backend">Who answered first.</param>
/// <param name="Moved">Another backend that answered later on the same connection: never, if TCP is TCP.</param>
/// <param name="Longest">The longest wait for an answer.</param>
public sealed record KeptConnection(Flow Flow, string Backend, string? Moved, long Exchanges, TimeSpan Longest, Failure? Failure);

/// <summary>TCP connections that stay open and keep exchanging small HTTP messages.</summary>
public sealed class KeptConnections : IDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);
    private readonly ImmutableArray<HttpConnection> _connections;
    private readonly ImmutableArray<string> _backends;
    private readonly TimeSpan _interval;
    private ImmutableArray<Task<KeptConnection>> _loops = [];
    private volatile bool _stopping;

    private KeptConnections(string name, ImmutableArray<HttpConnection> connections, ImmutableArray<string> backends, TimeSpan interval)
    {
        Tally = new Tally(name);
        _connections = connections;
        _backends = backends;
        _interval = interval;
    }

    public Tally Tally { get; }

    /// <summary>Opens all connections, makes one exchange on each, and goes on in the background.</summary>
    /// <param name="interval">Between two exchanges of a connection.</param>
    /// <exception cref="SocketException">One could not be opened.</exception>
    public static async Task<KeptConnections> StartAsync(LabHost client, string name, IPEndPoint vip, int count, TimeSpan interval, CancellationToken cancellation)
    {
        var connections = new List<HttpConnection>();
        var backends = new List<string>();
        try
        {
            for (var i = 0; i < count; i++)
            {
                var connection = await HttpConnection.CreateAsync(client, vip);
                connections.Add(connection);
                await connection.ConnectAsync(cancellation);
                backends.Add(await connection.RequestAsync(last: false, cancellation));
            }
        }
        catch
        {
            connections.ForEach(connection => connection.Dispose());
            throw;
        }

        var kept = new KeptConnections(name, [.. connections], [.. backends], interval);
        kept._loops = [.. Enumerable.Range(0, count).Select(kept.ExchangeAsync)];
        return kept;
    }

    /// <summary>Lets every exchange under way end and closes the connections.</summary>
    public async Task<ImmutableArray<KeptConnection>> StopAsync()
    {
        _stopping = true;
        var ends = await Task.WhenAll(_loops);
        Dispose();
        return [.. ends];
    }

    public void Dispose()
    {
        foreach (var connection in _connections)
        {
            connection.Dispose();
        }
    }

    private async Task<KeptConnection> ExchangeAsync(int index)
    {
        var connection = _connections[index];
        string? moved = null;
        var exchanges = 1L;
        var longest = TimeSpan.Zero;
        Tally.Answered(_backends[index]);
        await Task.Delay(_interval * index / _connections.Length);
        try
        {
            while (!_stopping)
            {
                using var patience = new CancellationTokenSource(Patience);
                var start = Stopwatch.GetTimestamp();
                var backend = await connection.RequestAsync(last: false, patience.Token);
                var wait = Stopwatch.GetElapsedTime(start);
                longest = wait > longest ? wait : longest;
                exchanges++;
                moved = backend == _backends[index] ? moved : backend;
                Tally.Answered(backend);
                await Task.Delay(_interval);
            }

            return new KeptConnection(connection.Flow, _backends[index], moved, exchanges, longest, Failure: null);
        }
        catch (Exception error) when (error is SocketException or IOException or OperationCanceledException or ObjectDisposedException)
        {
            var failure = Failure.From(connection.Flow, error);
            Tally.Failed(failure);
            return new KeptConnection(connection.Flow, _backends[index], moved, exchanges, longest, failure);
        }
    }
}
