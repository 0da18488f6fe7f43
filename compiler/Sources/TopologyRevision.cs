using LibGit2Sharp;
using Weir.Compiler.Diagnostics;

namespace Weir.Compiler.Sources;

/// <summary>Reads a topology from a commit, without a checkout: the files that <see cref="TopologyDirectory"/> would read there.</summary>
public static class TopologyRevision
{
    /// <param name="directory">A directory in the work tree (it need not exist there any more), or a bare repository.</param>
    /// <param name="revision">Anything git resolves to a commit.</param>
    /// <returns>The files, and the commit's id in lower-case hex (null when there are diagnostics instead).</returns>
    /// <exception cref="OperationCanceledException">Cancelled.</exception>
    public static (SourceSet Sources, string? Commit) Read(string directory, string revision, CancellationToken cancellation = default)
    {
        string full = Path.GetFullPath(directory);
        string? found = Find(directory);
        if (found is null)
        {
            return Failed(Diagnose.Unreadable(SourceSpan.None, directory, "it is not in a git repository"));
        }

        try
        {
            using Repository repository = new(found);
            Commit? commit = repository.Lookup(revision)?.Peel<Commit>();
            if (commit is null)
            {
                return Failed(Diagnose.Unreadable(SourceSpan.None, revision, "it names no commit of the repository"));
            }

            string below = repository.Info.IsBare ? "." : Path.GetRelativePath(Resolve(repository.Info.WorkingDirectory), Resolve(full));
            Tree? tree = below == "." ? commit.Tree : commit[below.Replace('\\', '/')]?.Target as Tree;
            if (tree is null)
            {
                return Failed(Diagnose.Unreadable(SourceSpan.None, directory, $"it is no directory in {revision}"));
            }

            List<SourceFile> files = [];
            List<Diagnostic> diagnostics = [];
            ReadTree(tree, "", files, diagnostics, cancellation);
            if (files.Count == 0 && diagnostics.Count == 0)
            {
                diagnostics.Add(Diagnose.NoFiles(directory));
            }

            return (SourceSet.Of(files, diagnostics), commit.Sha);
        }
        catch (LibGit2SharpException e)
        {
            return Failed(Diagnose.Unreadable(SourceSpan.None, revision, e.Message));
        }
    }

    /// <summary>The repository that a directory lies in, whether or not the directory exists; null when there is none.</summary>
    internal static string? Find(string directory) => Repository.Discover(NearestExisting(Path.GetFullPath(directory)));

    /// <summary>Whether a directory holds the same in two revisions, by the ids of their trees; false where git cannot resolve one.</summary>
    public static bool AreEqual(string directory, string revision, string other)
    {
        string full = Path.GetFullPath(directory);
        if (Find(directory) is not { } found)
        {
            return false;
        }

        try
        {
            using Repository repository = new(found);
            return TreeOf(repository, full, revision) is { } a && TreeOf(repository, full, other) is { } b && a.Id == b.Id;
        }
        catch (LibGit2SharpException)
        {
            return false;
        }
    }

    /// <summary>Id of the commit that a revision names, or null.</summary>
    public static string? CommitOf(string directory, string revision)
    {
        if (Find(directory) is not { } found)
        {
            return null;
        }

        using Repository repository = new(found);
        return repository.Lookup(revision)?.Peel<Commit>()?.Sha;
    }

    private static Tree? TreeOf(Repository repository, string full, string revision)
    {
        Commit? commit = repository.Lookup(revision)?.Peel<Commit>();
        string below = repository.Info.IsBare ? "." : Path.GetRelativePath(Resolve(repository.Info.WorkingDirectory), Resolve(full));
        return below == "." ? commit?.Tree : commit?[below.Replace('\\', '/')]?.Target as Tree;
    }

    private static (SourceSet, string?) Failed(Diagnostic diagnostic) => (SourceSet.Of([], [diagnostic]), null);

    private static void ReadTree(Tree tree, string prefix, List<SourceFile> files, List<Diagnostic> diagnostics, CancellationToken cancellation)
    {
        foreach (TreeEntry entry in tree.OrderBy(e => e.Name, StringComparer.Ordinal))
        {
            cancellation.ThrowIfCancellationRequested();
            string path = prefix + entry.Name;
            SourceSpan whole = new(path, 1, 1, 1, 1);
            if (TopologyFileName.IsHidden(entry.Name))
            {
                continue;
            }

            if (entry.Mode == Mode.SymbolicLink)
            {
                if (TopologyFileName.IsTopology(entry.Name))
                {
                    diagnostics.Add(Diagnose.SymbolicLink(whole));
                }
            }
            else if (entry.Target is Tree below)
            {
                ReadTree(below, path + "/", files, diagnostics, cancellation);
            }
            else if (TopologyFileName.IsMistaken(entry.Name))
            {
                diagnostics.Add(Diagnose.IgnoredExtension(whole));
            }
            else if (TopologyFileName.IsTopology(entry.Name) && entry.Target is Blob blob)
            {
                ReadBlob(blob, whole, files, diagnostics);
            }
        }
    }

    private static void ReadBlob(Blob blob, SourceSpan whole, List<SourceFile> files, List<Diagnostic> diagnostics)
    {
        if (blob.Size > SourceSet.MaximumFileBytes)
        {
            diagnostics.Add(Diagnose.TooLarge(whole, "bytes in one file", SourceSet.MaximumFileBytes));
            return;
        }

        using MemoryStream bytes = new((int)blob.Size);
        using (Stream content = blob.GetContentStream())
        {
            content.CopyTo(bytes);
        }

        files.Add(SourceFile.Decode(whole.File, bytes.GetBuffer().AsSpan(0, (int)bytes.Length)));
    }

    private static string NearestExisting(string path)
    {
        while (!Directory.Exists(path) && Path.GetDirectoryName(path) is { } parent)
        {
            path = parent;
        }

        return path;
    }

    /// <summary>Follows symbolic links on the way, as git does when it names the work tree.</summary>
    private static string Resolve(string path)
    {
        string trimmed = Path.TrimEndingDirectorySeparator(Path.GetFullPath(path));
        if (Path.GetDirectoryName(trimmed) is not { } parent)
        {
            return trimmed;
        }

        string joined = Path.Combine(Resolve(parent), Path.GetFileName(trimmed));
        return Directory.Exists(joined) && Directory.ResolveLinkTarget(joined, returnFinalTarget: true) is { } target ? Resolve(target.FullName) : joined;
    }
}
