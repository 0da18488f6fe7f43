using System.Net;
using System.Net.Sockets;
using System.Text;
using Weir.Lab.Network;

namespace Weir.Lab.Servers;

/// <summary>HTTP/1.1 (RFC 9112) on a backend, bound to a VIP: every answer names the backend in <c>Server</c> and tells the
/// client's address as the backend sees it. Request bodies with Content-Length are read and counted.</summary>
public sealed class HttpServer : IDisposable
{
    private readonly CancellationTokenSource _stop = new();
    private readonly Socket _listener;
    private readonly string _name;

    private HttpServer(Socket listener, string name)
    {
        _listener = listener;
        _name = name;
        _ = AcceptAsync();
    }

    public static HttpServer Start(LabHost host, IPEndPoint vip)
    {
        var listener = host.Network.Run(() =>
        {
            var socket = new Socket(vip.AddressFamily, SocketType.Stream, ProtocolType.Tcp);
            socket.Bind(vip);
            socket.Listen(4096);
            return socket;
        });
        return new HttpServer(listener, host.Role);
    }

    public void Dispose()
    {
        _stop.Cancel();
        _listener.Dispose();
        _stop.Dispose();
    }

    private async Task AcceptAsync()
    {
        var stop = _stop.Token;
        while (!stop.IsCancellationRequested)
        {
            try
            {
                _ = ServeAsync(await _listener.AcceptAsync(stop), stop);
            }
            catch (Exception error) when (error is OperationCanceledException or ObjectDisposedException)
            {
                return;
            }
            catch (SocketException)
            {
                // The client left while it was waiting; the next one is served all the same.
            }
        }
    }

    private async Task ServeAsync(Socket socket, CancellationToken stop)
    {
        using var _ = socket;
        socket.NoDelay = true;
        try
        {
            using var reader = new HttpReader(socket);
            while (await reader.ReadHeadAsync(stop) is { } head)
            {
                var received = HttpReader.ContentLength(head);
                await reader.SkipAsync(received, stop);
                var close = head.Contains("\r\nConnection: close\r\n", StringComparison.OrdinalIgnoreCase);
                await socket.SendAsync(Answer(socket.RemoteEndPoint!, received, close), stop);
                if (close)
                {
                    return;
                }
            }
        }
        catch (Exception error) when (error is SocketException or IOException or OperationCanceledException or ObjectDisposedException)
        {
            // The client, or the end of the lab, closed it.
        }
    }

    private byte[] Answer(EndPoint client, long received, bool close)
    {
        var body = $"{_name} answers {client}, {received} bytes received\n";
        return Encoding.ASCII.GetBytes(
            $"HTTP/1.1 200 OK\r\nServer: {_name}\r\nContent-Length: {body.Length}\r\n{(close ? "Connection: close\r\n" : string.Empty)}\r\n{body}");
    }
}
