using System.ComponentModel;
using System.Net.Sockets;
using System.Runtime.InteropServices;

namespace Weir.Applier.Bench;

/// <summary>Makes veth pairs by rtnetlink (RFC 3549; <c>linux/if_link.h</c>) in the calling thread's network namespace. They go when
/// the namespace goes. An XDP program attached to one natively spares every later BPF_PROG_RUN a rewrite of the kernel's XDP
/// dispatcher, 16 ms each.</summary>
internal static partial class ScratchInterface
{
    private const int AfNetlink = 16;
    private const int SockRaw = 3;
    private const int NetlinkRoute = 0;
    private const int SockCloexec = 0x80000;
    private const ushort NewLink = 16;
    private const ushort RequestAckCreateExclusive = 0x1 | 0x4 | 0x400 | 0x200;
    private const ushort InterfaceName = 3;
    private const ushort LinkInfo = 18;
    private const ushort InfoKind = 1;

    /// <returns>The interface's index.</returns>
    /// <exception cref="Win32Exception">The kernel refused it.</exception>
    public static int Create(string name)
    {
        byte[] kind = Attribute(InfoKind, "veth"u8);
        byte[] attributes = [.. Attribute(InterfaceName, [.. System.Text.Encoding.ASCII.GetBytes(name), 0]), .. Attribute(LinkInfo, kind)];
        byte[] message = new byte[16 + 16 + attributes.Length];
        BitConverter.TryWriteBytes(message, message.Length);
        BitConverter.TryWriteBytes(message.AsSpan(4), NewLink);
        BitConverter.TryWriteBytes(message.AsSpan(6), RequestAckCreateExclusive);
        attributes.CopyTo(message, 32);

        using SafeSocketHandle socket = new(Socket(AfNetlink, SockRaw | SockCloexec, NetlinkRoute), ownsHandle: true);
        Check(socket.IsInvalid ? -1 : 0);
        Check((int)Send(socket, message, message.Length, 0));
        byte[] answer = new byte[4096];
        Check((int)Receive(socket, answer, answer.Length, 0));

        // The answer is NLMSG_ERROR with a negative errno, or 0 for success, behind the 16 bytes of its header.
        int error = -BitConverter.ToInt32(answer, 16);
        if (error != 0)
        {
            throw Refused(error);
        }

        int index = (int)IndexOf(name);
        Check(index == 0 ? -1 : 0);
        return index;
    }

    private static byte[] Attribute(ushort type, ReadOnlySpan<byte> value)
    {
        byte[] attribute = new byte[(4 + value.Length + 3) & ~3];
        BitConverter.TryWriteBytes(attribute, (ushort)(4 + value.Length));
        BitConverter.TryWriteBytes(attribute.AsSpan(2), type);
        value.CopyTo(attribute.AsSpan(4));
        return attribute;
    }

    private static void Check(int result)
    {
        if (result < 0)
        {
            throw Refused(Marshal.GetLastPInvokeError());
        }
    }

    private static Win32Exception Refused(int errno) =>
        new(errno, $"A scratch veth pair for measuring was refused: {Marshal.GetPInvokeErrorMessage(errno)}.");

    [LibraryImport("libc", EntryPoint = "socket", SetLastError = true)]
    private static partial nint Socket(int family, int type, int protocol);

    [LibraryImport("libc", EntryPoint = "send", SetLastError = true)]
    private static partial nint Send(SafeSocketHandle socket, byte[] message, nint length, int flags);

    [LibraryImport("libc", EntryPoint = "recv", SetLastError = true)]
    private static partial nint Receive(SafeSocketHandle socket, [Out] byte[] message, nint length, int flags);

    [LibraryImport("libc", EntryPoint = "if_nametoindex", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static partial uint IndexOf(string name);
}
