using System.Text;

namespace Weir.Cli;

/// <summary>Replaces a file as a whole: a reader sees the old bytes or the new ones.</summary>
internal static class AtomicFile
{
    /// <summary>Writes UTF-8 to a file beside it, keeps the mode, and renames.</summary>
    /// <exception cref="IOException">It could not be written; the old file is as it was.</exception>
    public static void Replace(string path, string text)
    {
        string beside = Path.Combine(Path.GetDirectoryName(path)!, $".{Path.GetFileName(path)}.{Environment.ProcessId}.new");
        try
        {
            FileStreamOptions options = new() { Mode = FileMode.CreateNew, Access = FileAccess.Write };
            using (FileStream file = new(beside, options))
            {
                if (File.Exists(path))
                {
                    File.SetUnixFileMode(file.SafeFileHandle, File.GetUnixFileMode(path));
                }

                file.Write(Encoding.UTF8.GetBytes(text));
                file.Flush(flushToDisk: true);
            }

            File.Move(beside, path, overwrite: true);
        }
        catch
        {
            File.Delete(beside);
            throw;
        }
    }
}
