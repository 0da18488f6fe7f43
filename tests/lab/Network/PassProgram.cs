using System.ComponentModel;
using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace Weir.Lab.Network;

/// <summary>An XDP program that passes everything. What the other end of a veth pair sends by XDP_TX waits in this end's ring until
/// something else wakes it, unless there is a program here (veth.c, veth_xdp_flush).</summary>
internal sealed partial class PassProgram : IDisposable
{
    private readonly SafeFileHandle _link;

    private PassProgram(SafeFileHandle link) => _link = link;

    /// <summary>Attached for as long as this process keeps it.</summary>
    public static PassProgram Attach(NetworkNamespace network, string device) => network.Run(() =>
    {
        // r0 = XDP_PASS; exit (linux/bpf.h: opcode, registers, offset, immediate)
        ReadOnlySpan<ulong> instructions = [0x00000002_0000_00_b7, 0x00000000_0000_00_95];
        const int typeXdp = 6, attachXdp = 37;
        using var program = Checked(Load(typeXdp, "lab_pass", "GPL", in MemoryMarshal.GetReference(instructions), (nuint)instructions.Length, 0), "bpf_prog_load");
        var index = IndexOf(device);
        return new PassProgram(Checked(CreateLink((int)program.DangerousGetHandle(), index, attachXdp, 0), $"bpf_link_create on {device}"));
    });

    public void Dispose() => _link.Dispose();

    private static int IndexOf(string device) => (int)InterfaceIndex(device) is var index && index > 0
        ? index
        : throw new Win32Exception(Marshal.GetLastPInvokeError(), $"There is no interface {device}.");

    private static SafeFileHandle Checked(int descriptor, string call) => descriptor >= 0
        ? new SafeFileHandle(descriptor, ownsHandle: true)
        : throw new Win32Exception(-descriptor, $"{call}: {Marshal.GetPInvokeErrorMessage(-descriptor)}");

    [LibraryImport("libbpf.so.1", EntryPoint = "bpf_prog_load", StringMarshalling = StringMarshalling.Utf8)]
    private static partial int Load(int type, string name, string license, in ulong instructions, nuint count, nint options);

    [LibraryImport("libbpf.so.1", EntryPoint = "bpf_link_create")]
    private static partial int CreateLink(int program, int target, int attachType, nint options);

    [LibraryImport("libc", EntryPoint = "if_nametoindex", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static partial uint InterfaceIndex(string name);
}
