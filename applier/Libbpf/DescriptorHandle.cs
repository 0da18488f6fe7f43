using Microsoft.Win32.SafeHandles;

namespace Weir.Applier.Libbpf;

internal enum DescriptorKind
{
    Program,
    Map,
    Link,
}

/// <summary>An open descriptor of a program, map or link.</summary>
internal sealed unsafe class DescriptorHandle : SafeHandleMinusOneIsInvalid
{
    private readonly DescriptorKind _kind;
    private readonly string? _origin = HandleLeaks.Origin();

    internal DescriptorHandle(int descriptor, DescriptorKind kind)
        : base(ownsHandle: true)
    {
        _kind = kind;
        SetHandle(descriptor);
    }

    internal int Number => IsClosed ? throw new ObjectDisposedException(_kind.ToString()) : (int)handle;

    /// <summary>Opens what is pinned at a path, which must be of the kind.</summary>
    internal static DescriptorHandle OpenPinned(string path, DescriptorKind kind)
    {
        int descriptor = Proxy.Call($"open the pin {path}", () => Imports.bpf_obj_get(path));
        DescriptorHandle opened = new(descriptor, kind);

        // The kernel names the kinds in the link target: anon_inode:bpf-prog, bpf-map and bpf_link (kernel/bpf/syscall.c).
        string target = new FileInfo($"/proc/self/fd/{descriptor}").LinkTarget ?? "";
        string wanted = kind switch { DescriptorKind.Program => "prog", DescriptorKind.Map => "map", _ => "link" };
        if (target.Contains("bpf", StringComparison.Ordinal) && !target.Contains(wanted, StringComparison.Ordinal))
        {
            opened.Dispose();
            throw new BpfException($"open the pin {path}", Errno.InvalidArgument, null, $"It is no {kind.ToString().ToLowerInvariant()} but {target}.");
        }

        return opened;
    }

    internal void Pin(string path) => Proxy.Call(
        $"pin {path}",
        () => Imports.bpf_obj_pin(this, path),
        errno => errno switch
        {
            Errno.Exists => "Something is pinned there already.",
            Errno.NoEntry => "The directory does not exist.",
            Errno.NotPermitted or Errno.InvalidArgument => "The directory must lie in a bpffs: mount -t bpf bpf /sys/fs/bpf.",
            _ => null,
        });

    internal T Info<T>()
        where T : unmanaged
    {
        T info = default;
        FillInfo(ref info);
        return info;
    }

    internal void FillInfo<T>(ref T info)
        where T : unmanaged
    {
        int code;
        fixed (T* record = &info)
        {
            uint size = (uint)sizeof(T);
            code = Imports.bpf_obj_get_info_by_fd(this, record, &size);
        }

        if (code < 0)
        {
            throw Proxy.Error($"read the {_kind.ToString().ToLowerInvariant()}'s info", -code);
        }
    }

    internal static string Text(in ObjectName name)
    {
        ReadOnlySpan<byte> bytes = name;
        int end = bytes.IndexOf((byte)0);
        return System.Text.Encoding.UTF8.GetString(end < 0 ? bytes : bytes[..end]);
    }

    protected override void Dispose(bool disposing)
    {
        if (!disposing && !IsClosed && !IsInvalid)
        {
            HandleLeaks.Report($"A {_kind.ToString().ToLowerInvariant()}", _origin);
        }

        base.Dispose(disposing);
    }

    protected override bool ReleaseHandle() => LibC.close(handle) == 0;
}
