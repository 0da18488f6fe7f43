using System.Collections.Immutable;
using System.Text;
using Weir.Compiler.Diagnostics;

namespace Weir.Compiler.Sources;

/// <summary>A file of the topology, decoded.</summary>
/// <param name="Path">Below the topology's root, with <c>/</c> between parts.</param>
/// <param name="Text">Without a byte order mark. Bytes that are not UTF-8 are U+FFFD.</param>
/// <param name="IsUtf8">Whether all bytes were valid UTF-8.</param>
public sealed record SourceFile(string Path, string Text, bool IsUtf8 = true)
{
    private static readonly UTF8Encoding Strict = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    /// <summary>Decodes UTF-8 with or without a byte order mark.</summary>
    public static SourceFile Decode(string path, ReadOnlySpan<byte> bytes)
    {
        ReadOnlySpan<byte> content = bytes.StartsWith(Encoding.UTF8.Preamble) ? bytes[3..] : bytes;
        try
        {
            return new SourceFile(path, Strict.GetString(content));
        }
        catch (DecoderFallbackException)
        {
            return new SourceFile(path, Encoding.UTF8.GetString(content), IsUtf8: false);
        }
    }
}

/// <summary>All files of a topology, sorted by path (ordinal), and what was found out while reading them.</summary>
public sealed record SourceSet(ImmutableArray<SourceFile> Files, ImmutableArray<Diagnostic> Diagnostics)
{
    /// <summary>Largest file that is read, in bytes.</summary>
    public const long MaximumFileBytes = 16 << 20;

    /// <summary>Most files that are read.</summary>
    public const int MaximumFiles = 10_000;

    /// <summary>Sorts the files, so that no order of reading matters.</summary>
    public static SourceSet Of(IEnumerable<SourceFile> files, IEnumerable<Diagnostic>? diagnostics = null) =>
        new([.. files.OrderBy(f => f.Path, StringComparer.Ordinal)], [.. diagnostics ?? []]);

    /// <summary>The text of a file, or null.</summary>
    public string? TextOf(string path)
    {
        foreach (SourceFile file in Files)
        {
            if (file.Path == path)
            {
                return file.Text;
            }
        }

        return null;
    }
}
