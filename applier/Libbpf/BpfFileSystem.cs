using System.Runtime.InteropServices;

namespace Weir.Applier.Libbpf;

/// <summary>The file system that pins live in.</summary>
public static unsafe class BpfFileSystem
{
    /// <summary>Where it is by convention.</summary>
    public const string DefaultPath = "/sys/fs/bpf";

    /// <summary>Whether the path lies in a bpffs.</summary>
    public static bool Covers(string path)
    {
        // struct statfs has 120 bytes on 64-bit Linux, f_type first.
        long* record = stackalloc long[16];
        return LibC.statfs(path, record) == 0 && record[0] == LibC.BpfFsMagic;
    }

    /// <summary>Mounts a bpffs at an existing directory of the caller's mount namespace, unless one is there.</summary>
    public static void Mount(string path = DefaultPath)
    {
        if (!Covers(path) && LibC.mount("bpf", path, "bpf", 0, null) != 0)
        {
            throw Proxy.Error(
                $"mount a bpffs at {path}",
                Marshal.GetLastPInvokeError(),
                null,
                errno => errno == Errno.NoEntry ? "The directory does not exist." : null);
        }
    }
}
