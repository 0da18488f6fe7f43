using Weir.Compiler.Diagnostics;

namespace Weir.Compiler.Sources;

/// <summary>Reads a topology from a directory: every <c>*.yaml</c> in it and below, but for names that begin with a dot.</summary>
public static class TopologyDirectory
{
    /// <summary>Never throws for what it finds on disk: unreadable files are diagnostics.</summary>
    /// <exception cref="OperationCanceledException">Cancelled.</exception>
    public static SourceSet Read(string directory, CancellationToken cancellation = default)
    {
        List<SourceFile> files = [];
        List<Diagnostic> diagnostics = [];
        if (File.Exists(directory))
        {
            return SourceSet.Of([], [Diagnose.Unreadable(SourceSpan.None, directory, "it is a file; name the directory that holds the topology")]);
        }

        ReadFolder(new DirectoryInfo(directory), prefix: "", files, diagnostics, cancellation);
        if (files.Count == 0 && diagnostics.Count == 0)
        {
            diagnostics.Add(Diagnose.NoFiles(directory));
        }

        return SourceSet.Of(files, diagnostics);
    }

    private static void ReadFolder(DirectoryInfo folder, string prefix, List<SourceFile> files, List<Diagnostic> diagnostics, CancellationToken cancellation)
    {
        FileSystemInfo[] entries;
        try
        {
            entries = folder.GetFileSystemInfos();
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            diagnostics.Add(Diagnose.Unreadable(SourceSpan.None, prefix.Length == 0 ? folder.ToString() : prefix, Reason(e)));
            return;
        }

        foreach (FileSystemInfo entry in entries.OrderBy(e => e.Name, StringComparer.Ordinal))
        {
            cancellation.ThrowIfCancellationRequested();
            string path = prefix + entry.Name;
            SourceSpan whole = new(path, 1, 1, 1, 1);
            if (TopologyFileName.IsHidden(entry.Name))
            {
                continue;
            }

            if (entry.LinkTarget is not null)
            {
                if (TopologyFileName.IsTopology(entry.Name) || Directory.Exists(entry.FullName))
                {
                    diagnostics.Add(Diagnose.SymbolicLink(whole));
                }
            }
            else if (entry is DirectoryInfo below)
            {
                ReadFolder(below, path + "/", files, diagnostics, cancellation);
            }
            else if (TopologyFileName.IsMistaken(entry.Name))
            {
                diagnostics.Add(Diagnose.IgnoredExtension(whole));
            }
            else if (TopologyFileName.IsTopology(entry.Name))
            {
                ReadFile((FileInfo)entry, whole, files, diagnostics);
            }
        }
    }

    private static void ReadFile(FileInfo file, SourceSpan whole, List<SourceFile> files, List<Diagnostic> diagnostics)
    {
        try
        {
            if (file.Length > SourceSet.MaximumFileBytes)
            {
                diagnostics.Add(Diagnose.TooLarge(whole, "bytes in one file", SourceSet.MaximumFileBytes));
            }
            else if (files.Count >= SourceSet.MaximumFiles)
            {
                if (files.Count == SourceSet.MaximumFiles && !diagnostics.Any(d => d.Code == "WEIR1005"))
                {
                    diagnostics.Add(Diagnose.TooLarge(whole, "files", SourceSet.MaximumFiles));
                }
            }
            else
            {
                files.Add(SourceFile.Decode(whole.File, File.ReadAllBytes(file.FullName)));
            }
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            diagnostics.Add(Diagnose.Unreadable(whole, whole.File, Reason(e)));
        }
    }

    /// <summary>Without the path that the runtime puts into its messages: it differs between machines.</summary>
    private static string Reason(Exception e) => e switch
    {
        DirectoryNotFoundException or FileNotFoundException => "it does not exist",
        UnauthorizedAccessException => "permission denied",
        _ => "the system refused to read it",
    };
}
