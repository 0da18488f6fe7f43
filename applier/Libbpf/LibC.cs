using System.Runtime.InteropServices;

namespace Weir.Applier.Libbpf;

/// <summary>The C library's functions that .NET does not offer, as they are.</summary>
internal static unsafe partial class LibC
{
    private const string Library = "libc";

    internal const int ProtRead = 1;
    internal const int ProtWrite = 2;
    internal const int MapShared = 1;
    internal const int DuplicateCloseOnExec = 1030;

    /// <summary>f_type of bpffs (include/uapi/linux/magic.h).</summary>
    internal const long BpfFsMagic = 0xcafe4a11;

    [LibraryImport(Library)]
    internal static partial int close(nint descriptor);

    [LibraryImport(Library, SetLastError = true)]
    internal static partial int fcntl(int descriptor, int command, int argument);

    [LibraryImport(Library, SetLastError = true)]
    internal static partial nint mmap(nint address, nuint length, int protection, int flags, DescriptorHandle descriptor, nint offset);

    [LibraryImport(Library)]
    internal static partial int munmap(nint address, nuint length);

    [LibraryImport(Library)]
    internal static partial int vasprintf(byte** text, byte* format, nint arguments);

    [LibraryImport(Library)]
    internal static partial void free(void* memory);

    [LibraryImport(Library, SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    internal static partial int mount(string source, string target, string type, nuint flags, string? data);

    [LibraryImport(Library, SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    internal static partial int statfs(string path, long* record);
}
