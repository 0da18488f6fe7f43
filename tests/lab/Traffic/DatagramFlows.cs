using System.Buffers.Binary;
using System.Collections;
using System.Collections.Immutable;
using System.Net;
using System.Net.Sockets;
using System.Text;
using Weir.Lab.Network;
using Weir.Lab.Servers;

namespace Weir.Lab.Traffic;

/// <summary>What became of a UDP flow: every datagram sent once, numbered, and accounted for.</summary>
/// <param name="Backends">Who answered, each as often as it took over, in order.</param>
/// <param name="Twice">Answers to numbers already answered.</param>
/// <param name="Errors">ICMP errors received.</param>
public sealed record DatagramFlow(Flow Flow, long Sent, long Answered, long Twice, long Errors, ImmutableArray<string> Backends)
{
    public long Lost => Sent - Answered;
}

/// <summary>UDP flows that send numbered datagrams at a steady rate; nothing is ever sent again.</summary>
public sealed class DatagramFlows
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(2);
    private readonly ImmutableArray<Probe> _probes;
    private readonly TimeSpan _interval;
    private readonly ImmutableArray<Task> _senders;
    private readonly ImmutableArray<Task> _receivers;
    private volatile bool _stopping;

    private DatagramFlows(string name, ImmutableArray<Probe> probes, TimeSpan interval)
    {
        Tally = new Tally(name);
        _probes = probes;
        _interval = interval;
        _receivers = [.. probes.Select(probe => probe.ReceiveAsync(Tally))];
        _senders = [.. probes.Select((probe, index) => SendAsync(probe, interval * index / probes.Length))];
    }

    public Tally Tally { get; }

    /// <param name="interval">Between two datagrams of a flow.</param>
    public static async Task<DatagramFlows> StartAsync(LabHost client, string name, IPEndPoint vip, int count, TimeSpan interval)
    {
        var sockets = await client.Network.RunAsync(() => Enumerable.Range(0, count).Select(_ =>
        {
            var socket = new Socket(vip.AddressFamily, SocketType.Dgram, ProtocolType.Udp);
            socket.Bind(new IPEndPoint(client.Toward(vip.Address), 0));
            socket.Connect(vip);
            SocketBuffers.Enlarge(socket);
            return socket;
        }).ToImmutableArray());
        return new DatagramFlows(name, [.. sockets.Select(socket => new Probe(socket, vip))], interval);
    }

    /// <summary>Stops sending, waits two seconds at most for what is still under way, and closes the sockets.</summary>
    public async Task<ImmutableArray<DatagramFlow>> StopAsync(CancellationToken cancellation)
    {
        _stopping = true;
        await Task.WhenAll(_senders);
        for (var waited = TimeSpan.Zero; waited < Patience && _probes.Any(probe => probe.Result.Lost > 0); waited += _interval)
        {
            await Task.Delay(_interval, cancellation);
        }

        foreach (var probe in _probes)
        {
            probe.Close();
        }

        await Task.WhenAll(_receivers);
        return [.. _probes.Select(probe => probe.Result)];
    }

    private async Task SendAsync(Probe probe, TimeSpan offset)
    {
        await Task.Delay(offset);
        while (!_stopping)
        {
            await probe.SendAsync();
            await Task.Delay(_interval);
        }
    }

    private sealed class Probe(Socket socket, IPEndPoint vip)
    {
        private readonly Lock _lock = new();
        private readonly BitArray _answered = new(1 << 16);
        private DatagramFlow _result = new(new Flow(ProtocolType.Udp, (IPEndPoint)socket.LocalEndPoint!, vip), 0, 0, 0, 0, []);

        public DatagramFlow Result
        {
            get
            {
                lock (_lock)
                {
                    return _result;
                }
            }
        }

        public async Task SendAsync()
        {
            var message = new byte[8];
            lock (_lock)
            {
                BinaryPrimitives.WriteInt64BigEndian(message, _result.Sent);
                _result = _result with { Sent = _result.Sent + 1 };
            }

            try
            {
                await socket.SendAsync(message);
            }
            catch (SocketException)
            {
                // An ICMP error about an earlier datagram. This one was not sent: it stays lost, which it is.
                Errored();
            }
        }

        public async Task ReceiveAsync(Tally tally)
        {
            var buffer = new byte[256];
            while (true)
            {
                try
                {
                    var length = await socket.ReceiveAsync(buffer);
                    if (length < 8)
                    {
                        return; // Closed: an echo has eight bytes at least.
                    }

                    Answered(BinaryPrimitives.ReadInt64BigEndian(buffer), Encoding.ASCII.GetString(buffer, 8, length - 8), tally);
                }
                catch (SocketException error) when (error.SocketErrorCode != SocketError.OperationAborted)
                {
                    Errored();
                }
                catch (Exception error) when (error is ObjectDisposedException or SocketException)
                {
                    return;
                }
            }
        }

        public void Close() => socket.Dispose();

        private void Errored()
        {
            lock (_lock)
            {
                _result = _result with { Errors = _result.Errors + 1 };
            }
        }

        private void Answered(long number, string backend, Tally tally)
        {
            lock (_lock)
            {
                if (number >= _answered.Length)
                {
                    _answered.Length *= 2;
                }

                if (_answered[(int)number])
                {
                    _result = _result with { Twice = _result.Twice + 1 };
                    return;
                }

                _answered[(int)number] = true;
                var backends = _result.Backends is [.., var last] && last == backend ? _result.Backends : _result.Backends.Add(backend);
                _result = _result with { Answered = _result.Answered + 1, Backends = backends };
            }

            tally.Answered(backend);
        }
    }
}
