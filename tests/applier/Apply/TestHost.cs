using System.Diagnostics;
using System.Runtime.InteropServices;
using Weir.Applier.Apply;
using Weir.Applier.Generations;
using Weir.Applier.Libbpf;
using Weir.Applier.Network;
using Weir.Applier.Status;
using Weir.Applier.Tests.State;
using Weir.Compiler.Emit;

namespace Weir.Applier.Tests.Apply;

/// <summary>A host to apply to: a veth pair in a namespace of its own, a bpffs and a state directory of its own. Objects are
/// cached for the whole run.</summary>
internal sealed partial class TestHost : IDisposable
{
    private const int Lazily = 2;

    private static readonly string s_objects = Directory.CreateTempSubdirectory("weir-objects-").FullName;

    private readonly ScratchDirectory scratch = new();
    private int bundles;

    static TestHost() => AppDomain.CurrentDomain.ProcessExit += (_, _) => Directory.Delete(s_objects, recursive: true);

    public TestHost(string? objects = null)
    {
        Veth = new ScratchVeth();
        Paths = new ApplierPaths(Path.Combine(scratch.Path, "state"), Path.Combine(scratch.Path, "bpffs")) { Objects = objects ?? s_objects };
        Directory.CreateDirectory(Paths.BpfFileSystem);
        BpfFileSystem.Mount(Paths.BpfFileSystem);
    }

    public ScratchVeth Veth { get; }

    public ApplierPaths Paths { get; }

    public string Interface => Veth.Interface.Name;

    public Pins Pins => new(Paths.BpfFileSystem, Interface);

    /// <summary>Names of what is pinned for the interface, sorted.</summary>
    public IEnumerable<string> Pinned => Directory.GetFileSystemEntries(Pins.Directory).Select(path => Path.GetFileName(path)).Order(StringComparer.Ordinal);

    public string Write(Bundle bundle)
    {
        string path = Path.Combine(scratch.Path, $"bundle-{bundles++}");
        BundleFolder.Write(bundle, path);
        return path;
    }

    public ApplyOutcome Apply(TestTopology topology, XdpMode? mode = null) => Apply(Write(topology.Compile()), mode: mode);

    public ApplyOutcome Apply(string bundle, string? objectFile = null, XdpMode? mode = null, Action<ApplyPoint>? at = null) =>
        Veth.Run(() => new ApplySession(Paths, reached: at).Apply(new ApplyRequest(bundle, Interface, objectFile, mode)));

    /// <summary>Applies in a process that is killed at an instant.</summary>
    public void ApplyAndKill(TestTopology topology, ApplyPoint point)
    {
        string bundle = Write(topology.Compile());
        int exit = Veth.Run(() =>
        {
            ProcessStartInfo start = new(
                Path.Combine(AppContext.BaseDirectory, "Weir.Applier.Child"),
                [Paths.State, Paths.BpfFileSystem, Paths.Objects, bundle, Interface, point.ToString()]);
            using Process child = Process.Start(start)!;
            child.WaitForExit();
            return child.ExitCode;
        });
        if (exit != 128 + 9)
        {
            throw new InvalidOperationException($"The child was to be killed at {point} and ended with {exit}.");
        }
    }

    public InterfaceStatus Status() => Veth.Run(() => StatusReader.Read(Paths, Interface));

    /// <summary>The id of the program on the interface, 0 for none.</summary>
    public uint Attached() => Veth.Run(() => XdpAttachment.Query(Veth.Interface.Index))?.ProgramId ?? 0;

    /// <summary>Runs frames through the live program, as if they had arrived.</summary>
    public void Receive(IEnumerable<ReadOnlyMemory<byte>> frames)
    {
        using BpfProgram live = BpfProgram.OpenPinned(Pins.Program(Pins.Instances.Single()));
        byte[] room = new byte[4096];
        foreach (ReadOnlyMemory<byte> frame in frames)
        {
            live.Run(frame.Span, room);
        }
    }

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

    [LibraryImport("libc", EntryPoint = "umount2", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static partial int Unmount(string path, int flags);
}
