using System.ComponentModel;
using System.Runtime.InteropServices;

namespace Weir.Lab.Network;

/// <summary>The system calls .NET has no method for.</summary>
internal static partial class Libc
{
    /// <summary>setns(2): the calling thread alone changes its network namespace.</summary>
    public static void EnterNetworkNamespace(string path)
    {
        const int cloneNewNet = 0x40000000; // linux/sched.h
        using var handle = File.OpenHandle(path);
        if (SetNs((int)handle.DangerousGetHandle(), cloneNewNet) != 0)
        {
            throw new Win32Exception(Marshal.GetLastPInvokeError(), $"setns to {path}: {Marshal.GetLastPInvokeErrorMessage()}");
        }
    }

    /// <summary>umount2(2) with MNT_DETACH. A path that is no mount is left alone.</summary>
    public static void Detach(string path)
    {
        const int detach = 2; // sys/mount.h: MNT_DETACH
        _ = Unmount(path, detach);
    }

    [LibraryImport("libc", EntryPoint = "setns", SetLastError = true)]
    private static partial int SetNs(int descriptor, int type);

    [LibraryImport("libc", EntryPoint = "umount2", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static partial int Unmount(string target, int flags);
}
