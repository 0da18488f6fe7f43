namespace Weir.Compiler.Diagnostics;

/// <summary>A range of characters in one file of the topology. Lines and columns count from 1, columns in UTF-16 units;
/// the end is exclusive.</summary>
/// <param name="File">Path below the topology's root, with <c>/</c> between parts.</param>
public readonly record struct SourceSpan(string File, int Line, int Column, int EndLine, int EndColumn)
{
    /// <summary>For values that no file states.</summary>
    public static SourceSpan None { get; } = new(string.Empty, 0, 0, 0, 0);

    public override string ToString() => Line == 0 ? "(default)" : $"{File}:{Line}:{Column}";
}
