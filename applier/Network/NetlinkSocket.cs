using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace Weir.Applier.Network;

/// <summary>A socket to the kernel's network configuration, in the namespace of the thread that makes it: it stays there whatever thread uses it
/// later. /sys may show another namespace; this cannot.</summary>
internal sealed unsafe partial class NetlinkSocket : IDisposable
{
    private const int NetlinkFamily = 16;
    private const int RawCloseOnExec = 3 | 0x80000;
    private const int SocketLevel = 1;
    private const int ReceiveTimeout = 20;
    private const ushort ErrorType = 2;
    private const ushort DoneType = 3;

    private readonly SafeFileHandle _socket;
    private uint _sequence;

    internal NetlinkSocket()
    {
        _socket = new SafeFileHandle(socket(NetlinkFamily, RawCloseOnExec, 0), ownsHandle: true);
        if (_socket.IsInvalid)
        {
            throw new NetworkException("open a netlink socket", Marshal.GetLastPInvokeError());
        }

        // The kernel answers within the send; the limit is for a kernel that does not.
        long* seconds = stackalloc long[2] { 5, 0 };
        _ = setsockopt(_socket, SocketLevel, ReceiveTimeout, seconds, 16);
    }

    /// <summary>Sends a request and gives the payload of the first answer, or null when the answer is a bare acknowledgement.</summary>
    /// <returns>errno (0: done) and payload.</returns>
    internal (int Error, byte[]? Payload) Ask(NetlinkMessage message)
    {
        byte[] request = message.ToArray(++_sequence);
        fixed (byte* bytes = request)
        {
            if (send(_socket, bytes, (nuint)request.Length, 0) < 0)
            {
                return (Marshal.GetLastPInvokeError(), null);
            }
        }

        byte[] answer = new byte[65536];
        while (true)
        {
            nint length;
            fixed (byte* bytes = answer)
            {
                length = recv(_socket, bytes, (nuint)answer.Length, 0);
            }

            if (length < NetlinkMessage.HeaderBytes)
            {
                int error = Marshal.GetLastPInvokeError();
                if (length < 0 && error == Libbpf.Errno.Interrupted)
                {
                    continue;
                }

                return (error, null);
            }

            if (BitConverter.ToUInt32(answer, 8) != _sequence)
            {
                continue; // the answer to a request given up earlier
            }

            ushort type = BitConverter.ToUInt16(answer, 4);
            return type switch
            {
                ErrorType => (-BitConverter.ToInt32(answer, NetlinkMessage.HeaderBytes), null),
                DoneType => (0, null),
                _ => (0, answer[NetlinkMessage.HeaderBytes..Math.Min((int)length, BitConverter.ToInt32(answer))]),
            };
        }
    }

    public void Dispose() => _socket.Dispose();

    [LibraryImport("libc", SetLastError = true)]
    private static partial nint socket(int family, int type, int protocol);

    [LibraryImport("libc", SetLastError = true)]
    private static partial int setsockopt(SafeFileHandle socket, int level, int option, void* value, uint length);

    [LibraryImport("libc", SetLastError = true)]
    private static partial nint send(SafeFileHandle socket, byte* bytes, nuint length, int flags);

    [LibraryImport("libc", SetLastError = true)]
    private static partial nint recv(SafeFileHandle socket, byte* bytes, nuint length, int flags);
}
