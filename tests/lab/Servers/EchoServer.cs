using System.Net;
using System.Net.Sockets;
using System.Text;
using Weir.Lab.Network;

namespace Weir.Lab.Servers;

/// <summary>UDP on a backend, bound to a VIP: answers each datagram with itself and the backend's name behind it.
/// A datagram that begins with <see cref="Silent"/> is taken and not answered.</summary>
public sealed class EchoServer : IDisposable
{
    /// <summary>First byte of a datagram that wants no answer.</summary>
    public const byte Silent = 0xff;

    private readonly CancellationTokenSource _stop = new();
    private readonly Socket _socket;
    private readonly byte[] _name;

    private EchoServer(Socket socket, string name)
    {
        _socket = socket;
        _name = Encoding.ASCII.GetBytes(name);
        _ = AnswerAsync();
    }

    public static EchoServer Start(LabHost host, IPEndPoint vip)
    {
        var socket = host.Network.Run(() =>
        {
            var socket = new Socket(vip.AddressFamily, SocketType.Dgram, ProtocolType.Udp);
            socket.Bind(vip);
            SocketBuffers.Enlarge(socket);
            return socket;
        });
        return new EchoServer(socket, host.Role);
    }

    public void Dispose()
    {
        _stop.Cancel();
        _socket.Dispose();
        _stop.Dispose();
    }

    private async Task AnswerAsync()
    {
        var stop = _stop.Token;
        var buffer = new byte[9000];
        var peer = new SocketAddress(_socket.AddressFamily);
        while (!stop.IsCancellationRequested)
        {
            try
            {
                var length = await _socket.ReceiveFromAsync(buffer.AsMemory(0, buffer.Length - _name.Length), SocketFlags.None, peer, stop);
                if (length > 0 && buffer[0] == Silent)
                {
                    continue;
                }

                _name.CopyTo(buffer, length);
                await _socket.SendToAsync(buffer.AsMemory(0, length + _name.Length), SocketFlags.None, peer, stop);
            }
            catch (Exception error) when (error is OperationCanceledException or ObjectDisposedException)
            {
                return;
            }
            catch (SocketException)
            {
                // An ICMP error about an earlier answer; it says nothing about the next one.
            }
        }
    }
}
