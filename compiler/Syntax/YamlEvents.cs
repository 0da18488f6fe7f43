using Weir.Compiler.Diagnostics;
using YamlDotNet.Core;
using YamlDotNet.Core.Events;

namespace Weir.Compiler.Syntax;

/// <summary>The parser's events with spans in our terms, and its exceptions as diagnostics.</summary>
internal sealed class YamlEvents(string file, string text, List<Diagnostic> diagnostics)
{
    private readonly Parser _parser = new(new StringReader(text));

    /// <summary>Collections begun and not ended: the bracket (null in block style) and where it is.</summary>
    private readonly Stack<(char? Bracket, SourceSpan Start)> _collections = new();

    public ParsingEvent? Current { get; private set; }

    /// <summary>The span of the current event.</summary>
    public SourceSpan Span => Current is null ? new SourceSpan(file, 1, 1, 1, 1) : SpanOf(Current.Start, Current.End);

    /// <summary>Moves on. False at the end, and after an error, which is then among the diagnostics.</summary>
    public bool MoveNext()
    {
        try
        {
            if (_parser.MoveNext())
            {
                Current = _parser.Current;
                return true;
            }
        }
        catch (Exception e) when (e is not OutOfMemoryException)
        {
            // The parser is known to throw more than its own exceptions on hostile input.
            diagnostics.Add(new YamlFailure(file, text, Current, _collections).Explain(e));
        }

        return false;
    }

    /// <summary>Moves on until the current event is a <typeparamref name="T"/>.</summary>
    public bool SkipTo<T>()
        where T : ParsingEvent
    {
        while (MoveNext())
        {
            if (Current is T)
            {
                return true;
            }
        }

        return false;
    }

    /// <summary>Notes that the current event begins a collection.</summary>
    /// <returns>Whether it has a bracket: a block has none, and neither has a pair by itself in a list, as <c>[a: b]</c>.</returns>
    public bool Enter(char? bracket)
    {
        SourceSpan at = Span;
        if (bracket is { } character && Bracket(character, (int)Current!.Start.Index) is { } index)
        {
            // The event begins at the anchor, if there is one.
            int column = at.Column + index - (int)Current.Start.Index;
            _collections.Push((bracket, new SourceSpan(file, at.Line, column, at.Line, column + 1)));
            return true;
        }

        _collections.Push((null, at));
        return false;
    }

    /// <summary>Notes that the current event ends the collection that began at <paramref name="start"/>.</summary>
    /// <param name="last">The last value in it.</param>
    /// <returns>The span of the whole.</returns>
    public SourceSpan Leave(SourceSpan start, SourceSpan? last)
    {
        (char? bracket, _) = _collections.Pop();
        if (bracket is null)
        {
            // The end event of a block lies where the next thing begins.
            return last is { } child ? start with { EndLine = child.EndLine, EndColumn = child.EndColumn } : start;
        }

        int index = (int)Current!.End.Index;
        bool closing = index < text.Length && text[index] is ']' or '}';
        SourceSpan end = Span;
        return start with { EndLine = end.EndLine, EndColumn = end.EndColumn + (closing ? 1 : 0) };
    }

    /// <summary>Where the bracket is: at the place itself, or behind an anchor or tag on the same line. Null when there is none.</summary>
    private int? Bracket(char bracket, int from)
    {
        if (from >= text.Length || (text[from] != bracket && text[from] is not ('&' or '!')))
        {
            return null;
        }

        int end = text.AsSpan(from).IndexOfAny('\n', '\r') is >= 0 and var length ? from + length : text.Length;
        return text.IndexOf(bracket, from, end - from) is >= 0 and var index ? index : null;
    }

    private SourceSpan SpanOf(Mark start, Mark end) => new(file, (int)start.Line, (int)start.Column, (int)end.Line, (int)end.Column);
}
