namespace Weir.Applier.State;

/// <summary>Files that a power cut leaves old or new, never half: write aside, sync, rename, sync the directory.</summary>
internal static class DurableFile
{
    private const string Aside = ".new";

    public static void Replace(string path, ReadOnlySpan<byte> content)
    {
        Write(path + Aside, content);
        File.Move(path + Aside, path, overwrite: true);
        LibC.SyncDirectory(Path.GetDirectoryName(path)!);
    }

    /// <summary>Writes and syncs a file whose directory the caller syncs.</summary>
    public static void Write(string path, ReadOnlySpan<byte> content)
    {
        using FileStream file = new(path, FileMode.Create, FileAccess.Write, FileShare.Read, bufferSize: 0);
        file.Write(content);
        file.Flush(flushToDisk: true);
    }

    public static void Delete(string path)
    {
        if (File.Exists(path))
        {
            File.Delete(path);
            LibC.SyncDirectory(Path.GetDirectoryName(path)!);
        }
    }

    /// <summary>Gives a finished directory its name.</summary>
    public static void MoveDirectory(string from, string to)
    {
        LibC.SyncDirectory(from);
        Directory.Move(from, to);
        LibC.SyncDirectory(Path.GetDirectoryName(to)!);
    }
}
