using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace Weir.Applier.State;

/// <summary>The calls of the C library that .NET has no name for, or no name without a lock of its own. Flags are those that
/// Linux has on every architecture.</summary>
internal static partial class LibC
{
    public const int WouldBlock = 11;

    private const int NonBlocking = 0x800, EmptyPath = 0x1000;

    private const uint StatusMode = 0x2, StatusOwner = 0x8;

    private const int ReadOnly = 0, ReadWrite = 2, Create = 0x40, CloseOnExec = 0x80000;

    private const int LockExclusive = 2, LockNonBlocking = 4;

    [LibraryImport("libc", EntryPoint = "open", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static partial int Open(string path, int flags, uint mode);

    [LibraryImport("libc", EntryPoint = "fsync", SetLastError = true)]
    private static partial int Sync(SafeFileHandle file);

    [LibraryImport("libc", EntryPoint = "flock", SetLastError = true)]
    private static partial int Lock(SafeFileHandle file, int operation);

    [LibraryImport("libc", EntryPoint = "statx", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static partial int Status(SafeFileHandle file, string path, int flags, uint mask, out FileStatus status);

    /// <summary>The user on whose behalf files are opened.</summary>
    [LibraryImport("libc", EntryPoint = "geteuid")]
    public static partial uint EffectiveUser();

    /// <summary>Opens a file for reading and tells its mode and owner. Waits for no writer, as opening a pipe would.</summary>
    /// <returns>Null, with errno, when there is an error.</returns>
    public static SafeFileHandle? OpenStated(string path, out FileStatus status, out int error)
    {
        status = default;
        int descriptor = Open(path, ReadOnly | CloseOnExec | NonBlocking, 0);
        error = descriptor < 0 ? Marshal.GetLastPInvokeError() : 0;
        if (descriptor < 0)
        {
            return null;
        }

        SafeFileHandle file = new(descriptor, ownsHandle: true);
        if (Status(file, "", EmptyPath, StatusMode | StatusOwner, out status) == 0)
        {
            return file;
        }

        error = Marshal.GetLastPInvokeError();
        file.Dispose();
        return null;
    }

    /// <summary>Opens a file with the exclusive lock of flock(2) on it.</summary>
    /// <param name="error">0, or why not; <see cref="WouldBlock"/> when another process has it.</param>
    /// <returns>Null when there is an error.</returns>
    public static SafeFileHandle? OpenLocked(string path, out int error)
    {
        int descriptor = Open(path, ReadWrite | Create | CloseOnExec, 0x180 /* 0600 */);
        error = descriptor < 0 ? Marshal.GetLastPInvokeError() : 0;
        if (descriptor < 0)
        {
            return null;
        }

        SafeFileHandle file = new(descriptor, ownsHandle: true);
        if (Lock(file, LockExclusive | LockNonBlocking) == 0)
        {
            return file;
        }

        error = Marshal.GetLastPInvokeError();
        file.Dispose();
        return null;
    }

    /// <summary>Makes names in a directory durable.</summary>
    public static void SyncDirectory(string path)
    {
        int descriptor = Open(path, ReadOnly | CloseOnExec, 0);
        if (descriptor < 0)
        {
            throw Error(path);
        }

        using SafeFileHandle handle = new(descriptor, ownsHandle: true);
        if (Sync(handle) != 0)
        {
            throw Error(path);
        }
    }

    private static IOException Error(string path) =>
        new($"Cannot make {path} durable: {Marshal.GetLastPInvokeErrorMessage()}.");
}

/// <summary><c>struct statx</c> (Linux 4.11), which is the same on every architecture.</summary>
[StructLayout(LayoutKind.Explicit, Size = 256)]
internal struct FileStatus
{
    [FieldOffset(20)]
    public uint Owner;

    /// <summary>Type and permissions, as stat(2) has them.</summary>
    [FieldOffset(28)]
    public ushort Mode;
}
