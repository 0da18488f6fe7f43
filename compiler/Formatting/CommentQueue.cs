using System.Collections.Immutable;

namespace Weir.Compiler.Formatting;

/// <summary>Hands a file's comments out in their order, each once.</summary>
internal sealed class CommentQueue(SourceText source)
{
    private int _next;

    /// <summary>No blank line that begins before this place counts: it belongs to a block scalar.</summary>
    public int BlanksFrom { get; set; }

    public SourceComment? Peek => _next < source.Comments.Count ? source.Comments[_next] : null;

    public bool AfterBlank(int index) => source.AfterBlank(index, BlanksFrom);

    /// <summary>All that begin before a place.</summary>
    public ImmutableArray<CommentLine> TakeBefore(int index) => TakeWhile(c => c.Index < index);

    public ImmutableArray<CommentLine> TakeWhile(Func<SourceComment, bool> wanted)
    {
        ImmutableArray<CommentLine>.Builder taken = ImmutableArray.CreateBuilder<CommentLine>();
        while (Peek is { } comment && wanted(comment))
        {
            taken.Add(Take(comment));
        }

        return taken.DrainToImmutable();
    }

    /// <summary>The comment that ends the line of a value which ends at a place, or null.</summary>
    public CommentLine? TakeEndOfLine(int end)
    {
        bool follows = Peek is { Own: false } comment && comment.Index >= end && source.OnOneLine(end, comment.Index)
            && source.Text.AsSpan(end, comment.Index - end).Trim(" \t,:").IsEmpty;
        return follows ? Take(Peek!) : null;
    }

    private CommentLine Take(SourceComment comment)
    {
        _next++;
        return new CommentLine(comment.Text, comment.Own, comment.Own && AfterBlank(comment.Index));
    }
}
