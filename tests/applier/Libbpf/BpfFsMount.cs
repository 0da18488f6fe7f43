using System.Runtime.InteropServices;
using Weir.Applier.Libbpf;

namespace Weir.Applier.Tests.Libbpf;

/// <summary>A bpffs of a test's own, gone with all pins when disposed.</summary>
internal sealed partial class BpfFsMount : IDisposable
{
    private const int Detach = 2;

    internal BpfFsMount() => BpfFileSystem.Mount(Path);

    internal string Path { get; } = Directory.CreateTempSubdirectory("weir-bpffs-").FullName;

    public void Dispose()
    {
        _ = umount2(Path, Detach);
        Directory.Delete(Path);
    }

    [LibraryImport("libc", StringMarshalling = StringMarshalling.Utf8)]
    private static partial int umount2(string path, int flags);
}
