using System.Runtime.InteropServices;

namespace Weir.Applier.Libbpf;

/// <summary>Turns libbpf's codes into <see cref="BpfException"/>.</summary>
internal static class Proxy
{
    internal const string PrivilegeHint = "Run it as root or with CAP_BPF, CAP_PERFMON and CAP_NET_ADMIN.";

    /// <summary>Runs a call that answers -errno, or a number of 0 and above, which is returned.</summary>
    internal static int Call(string operation, Func<int> call, Func<int, string?>? hint = null)
    {
        using LibbpfText text = LibbpfText.Capture();
        int code;
        try
        {
            code = call();
        }
        catch (DllNotFoundException)
        {
            throw NotInstalled();
        }

        return code >= 0 ? code : throw Error(operation, -code, text.ToString(), hint);
    }

    /// <summary>Runs a call that answers a pointer, or null and errno.</summary>
    internal static nint CallPointer(string operation, Func<nint> call, Func<int, string?>? hint = null)
    {
        using LibbpfText text = LibbpfText.Capture();
        nint pointer;
        try
        {
            pointer = call();
        }
        catch (DllNotFoundException)
        {
            throw NotInstalled();
        }

        return pointer != 0 ? pointer : throw Error(operation, Marshal.GetLastPInvokeError(), text.ToString(), hint);
    }

    internal static BpfException Error(string operation, int errno, string? text = null, Func<int, string?>? hint = null) =>
        new(operation, errno, text, hint?.Invoke(errno) ?? (errno == Errno.NotPermitted ? PrivilegeHint : null));

    /// <summary>A descriptor of our own for one that libbpf owns and will close.</summary>
    internal static DescriptorHandle Duplicate(int descriptor, DescriptorKind kind)
    {
        int copy = LibC.fcntl(descriptor, LibC.DuplicateCloseOnExec, 3);
        return copy >= 0 ? new DescriptorHandle(copy, kind) : throw Error("duplicate a descriptor", Marshal.GetLastPInvokeError());
    }

    private static BpfException NotInstalled() =>
        new("use libbpf", Errno.NoEntry, null, "libbpf.so.1 is not installed: apt-get install libbpf1.");
}
