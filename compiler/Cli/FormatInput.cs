using System.Collections.Immutable;
using System.Text;
using Weir.Compiler.Diagnostics;
using Weir.Compiler.Sources;

namespace Weir.Cli;

/// <summary>Files that <c>weir fmt</c> was given by one name.</summary>
/// <param name="Path">A directory or a file, as the user named it.</param>
/// <param name="Sources">The files; their paths are relative to <paramref name="Root"/>.</param>
/// <param name="Root">What stands before file names: empty, or with a slash at its end.</param>
internal sealed record FormatInput(string Path, SourceSet Sources, string Root, ImmutableArray<byte>? Bytes)
{
    public static FormatInput Read(string path, CancellationToken cancellation)
    {
        if (!File.Exists(path))
        {
            string trimmed = path.TrimEnd('/');
            return new FormatInput(path, TopologyDirectory.Read(path, cancellation), trimmed is "." ? "" : trimmed + "/", null);
        }

        try
        {
            byte[] bytes = File.ReadAllBytes(path);
            return new FormatInput(path, Of(path, bytes), "", [.. bytes]);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return new FormatInput(path, SourceSet.Of([], [Diagnose.Unreadable(SourceSpan.None, path, "the system refused to read it")]), "", null);
        }
    }

    public static FormatInput OfStandardInput(byte[] bytes) => new("-", Of("(standard input)", bytes), "", [.. bytes]);

    /// <summary>The file's name as it is shown.</summary>
    public string NameOf(int index) => Root + Sources.Files[index].Path;

    /// <summary>Where the file is; a symbolic link that was named is followed.</summary>
    public string FullPathOf(int index)
    {
        string full = System.IO.Path.GetFullPath(NameOf(index));
        return File.ResolveLinkTarget(full, returnFinalTarget: true)?.FullName ?? full;
    }

    /// <summary>Whether the file has exactly these bytes.</summary>
    public bool Holds(int index, string text) =>
        (Bytes ?? [.. File.ReadAllBytes(FullPathOf(index))]).AsSpan().SequenceEqual(Encoding.UTF8.GetBytes(text));

    private static SourceSet Of(string name, byte[] bytes) => bytes.LongLength > SourceSet.MaximumFileBytes
        ? SourceSet.Of([], [Diagnose.TooLarge(new SourceSpan(name, 1, 1, 1, 1), "bytes in one file", SourceSet.MaximumFileBytes)])
        : SourceSet.Of([SourceFile.Decode(name, bytes)]);
}
