using Microsoft.Win32.SafeHandles;

namespace Weir.Applier.Libbpf;

/// <summary>A <c>struct bpf_object</c>.</summary>
internal sealed class ObjectHandle : SafeHandleZeroOrMinusOneIsInvalid
{
    private readonly string? _origin = HandleLeaks.Origin();

    internal ObjectHandle(nint obj)
        : base(ownsHandle: true) => SetHandle(obj);

    protected override void Dispose(bool disposing)
    {
        if (!disposing && !IsClosed && !IsInvalid)
        {
            HandleLeaks.Report("A BPF object", _origin);
        }

        base.Dispose(disposing);
    }

    protected override bool ReleaseHandle()
    {
        Imports.bpf_object__close(handle);
        return true;
    }
}
