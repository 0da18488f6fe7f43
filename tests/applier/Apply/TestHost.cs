using System.Diagnostics;
using System.Runtime.InteropServices;
using Weir.Applier.Apply;
using Weir.Applier.Libbpf;
using Weir.Applier.Network;
using Weir.Applier.Status;
using Weir.Applier.Tests.State;
using Weir.Compiler.Emit;

namespace Weir.Applier.Tests.Apply;

/// <summary>A host to apply to: a veth pair in a namespace of its own, a bpffs and a state directory of its own.</summary>
internal sealed partial class TestHost : IDisposable
{
    private readonly ScratchDirectory scratch = new();
    private int bundles;

    public TestHost()
    {
        Veth = new ScratchVeth();
        Paths = new ApplierPaths(Path.Combine(scratch.Path, "state"), Path.Combine(scratch.Path, "bpffs"));
        Directory.CreateDirectory(Paths.BpfFileSystem);
        BpfFileSystem.Mount(Paths.BpfFileSystem);
    }

    public ScratchVeth Veth { get; }

    public ApplierPaths Paths { get; }

    public string Interface => Veth.Interface.Name;

    /// <summary>Instants that applies reached.</summary>
    public List<ApplyPoint> Reached { get; } = [];

    public string Write(Bundle bundle)
    {
        string path = Path.Combine(scratch.Path, $"bundle-{bundles++}");
        BundleFolder.Write(bundle, path);
        return path;
    }

    public ApplyOutcome Apply(TestTopology topology, XdpMode? mode = null) => Apply(Write(topology.Compile()), mode: mode);

    public ApplyOutcome Apply(string bundle, string? objectFile = null, XdpMode? mode = null, Action<ApplyPoint>? at = null) =>
        Veth.Run(() => new ApplySession(Paths, reached: point =>
        {
            Reached.Add(point);
            at?.Invoke(point);
        }).Apply(new ApplyRequest(bundle, Interface, objectFile, mode)));

    public InterfaceStatus Status() => Veth.Run(() => StatusReader.Read(Paths, Interface));

    /// <summary>The id of the program on the interface, 0 for none.</summary>
    public uint Attached() => Veth.Run(() => XdpAttachment.Query(Veth.Interface.Index))?.ProgramId ?? 0;

    /// <summary>Runs a command in the host's network namespace.</summary>
    public void Run(string command, params string[] arguments) => Veth.Run(() =>
    {
        using Process process = Process.Start(new ProcessStartInfo(command, arguments) { RedirectStandardError = true })!;
        string errors = process.StandardError.ReadToEnd();
        process.WaitForExit();
        return process.ExitCode == 0 ? 0 : throw new InvalidOperationException($"{command} {string.Join(' ', arguments)}: {errors}");
    });

    public void Dispose()
    {
        Veth.Dispose();
        if (Unmount(Paths.BpfFileSystem, Lazily) != 0)
        {
            throw new InvalidOperationException($"Cannot unmount {Paths.BpfFileSystem}: {Marshal.GetLastPInvokeErrorMessage()}.");
        }

        scratch.Dispose();
    }

    private const int Lazily = 2;

    [LibraryImport("libc", EntryPoint = "umount2", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static partial int Unmount(string path, int flags);
}
