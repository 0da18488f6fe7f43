using System.Net;
using System.Net.Sockets;
using System.Text;
using Weir.Lab.Network;
using Weir.Lab.Servers;

namespace Weir.Lab.Traffic;

/// <summary>A client's TCP connection to a VIP. The port is taken before the connection is made, so that the flow has a
/// name however it ends.</summary>
public sealed class HttpConnection : IDisposable
{
    private readonly Socket _socket;
    private readonly HttpReader _reader;

    private HttpConnection(Socket socket, IPEndPoint vip)
    {
        _socket = socket;
        _reader = new HttpReader(socket);
        Flow = new Flow(ProtocolType.Tcp, (IPEndPoint)socket.LocalEndPoint!, vip);
    }

    public Flow Flow { get; }

    /// <summary>A socket on <paramref name="client"/>, bound and not yet connected.</summary>
    public static async Task<HttpConnection> CreateAsync(LabHost client, IPEndPoint vip)
    {
        var socket = await client.Network.RunAsync(() =>
        {
            var socket = new Socket(vip.AddressFamily, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
            socket.Bind(new IPEndPoint(client.Toward(vip.Address), 0));
            return socket;
        });
        return new HttpConnection(socket, vip);
    }

    /// <inheritdoc cref="Socket.ConnectAsync(EndPoint, CancellationToken)"/>
    public ValueTask ConnectAsync(CancellationToken cancellation) => _socket.ConnectAsync(Flow.Destination, cancellation);

    /// <summary>One request and its answer.</summary>
    /// <param name="bodyBytes">0 for GET; otherwise POST with so many bytes.</param>
    /// <param name="last">Asks the server to close afterwards, which leaves the client's port free at once.</param>
    /// <returns>The backend's name.</returns>
    /// <exception cref="IOException">The server closed the connection or did not answer 200.</exception>
    public async Task<string> RequestAsync(bool last, CancellationToken cancellation, int bodyBytes = 0)
    {
        var close = last ? "Connection: close\r\n" : string.Empty;
        var head = bodyBytes == 0
            ? $"GET / HTTP/1.1\r\nHost: lab\r\n{close}\r\n"
            : $"POST / HTTP/1.1\r\nHost: lab\r\nContent-Length: {bodyBytes}\r\n{close}\r\n";
        var request = new byte[head.Length + bodyBytes];
        Encoding.ASCII.GetBytes(head, request);
        for (var sent = 0; sent < request.Length;)
        {
            sent += await _socket.SendAsync(request.AsMemory(sent), cancellation);
        }

        var answer = await _reader.ReadHeadAsync(cancellation) ?? throw new IOException("The server closed the connection.");
        if (!answer.StartsWith("HTTP/1.1 200 ", StringComparison.Ordinal))
        {
            throw new IOException($"The server answered `{answer.Split('\r')[0]}`.");
        }

        await _reader.SkipAsync(HttpReader.ContentLength(answer), cancellation);
        return HttpReader.Field(answer, "Server") ?? throw new IOException("The answer names no server.");
    }

    /// <summary>Waits until the server has closed its side.</summary>
    public async Task DrainAsync(CancellationToken cancellation)
    {
        if (await _reader.ReadHeadAsync(cancellation) is not null)
        {
            throw new IOException("More than one answer to the last request.");
        }
    }

    public void Dispose()
    {
        _reader.Dispose();
        _socket.Dispose();
    }
}
