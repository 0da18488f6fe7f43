using System.Net.Sockets;

namespace Weir.Lab.Servers;

/// <summary>Receive buffers that hold what arrives while two cores do something else.</summary>
internal static class SocketBuffers
{
    /// <summary>4 MiB, past the system's limit (SO_RCVBUFFORCE, socket(7), needs CAP_NET_ADMIN).</summary>
    public static void Enlarge(Socket socket)
    {
        const int solSocket = 1, receiveBufferForce = 33; // asm-generic/socket.h
        socket.SetRawSocketOption(solSocket, receiveBufferForce, BitConverter.GetBytes(4 << 20));
    }
}
