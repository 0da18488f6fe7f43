using YamlDotNet.Core;
using YamlDotNet.Core.Tokens;

namespace Weir.Compiler.Formatting;

/// <summary>A file's text with what the parser's events leave out: its comments and the places of dashes and brackets.</summary>
internal sealed class SourceText
{
    private readonly List<int> _lineStarts = [0];

    /// <summary>Where content begins: values, their anchors, dashes and opening brackets.</summary>
    private readonly List<int> _content = [];
    private readonly List<int> _dashes = [];
    private readonly List<int> _braces = [];

    /// <param name="text">A file that the reader accepts, lines ended by line feeds.</param>
    public SourceText(string text)
    {
        Text = text;
        for (int i = 0; i < text.Length; i++)
        {
            if (text[i] == '\n')
            {
                _lineStarts.Add(i + 1);
            }
        }

        int gap = 0;
        Scanner scanner = new(new StringReader(text));
        while (scanner.MoveNext())
        {
            int start = (int)scanner.Current!.Start.Index;
            switch (scanner.Current)
            {
                case Scalar scalar:
                    bool block = scalar.Style is ScalarStyle.Literal or ScalarStyle.Folded;
                    int content = block ? LineEnd(start) : start;
                    ScanGap(gap, content, inside: block);
                    gap = (int)scalar.End.Index;
                    _content.Add(start);
                    break;
                case BlockEntry:
                    _dashes.Add(start);
                    _content.Add(start);
                    break;
                case Anchor or AnchorAlias or FlowMappingStart or FlowSequenceStart:
                    _content.Add(start);
                    break;
                case FlowMappingEnd or FlowSequenceEnd:
                    ClosingBrackets.Add(start);
                    break;
            }

            if (scanner.Current is FlowMappingStart)
            {
                _braces.Add(start);
            }
        }

        ScanGap(gap, text.Length, inside: false);
    }

    public string Text { get; }

    /// <summary>In order.</summary>
    public List<SourceComment> Comments { get; } = [];

    /// <summary>Where <c>]</c> and <c>}</c> are, in order.</summary>
    public List<int> ClosingBrackets { get; } = [];

    public int LineStart(int index) => _lineStarts[LineOf(index)];

    public int Column(int index) => index - LineStart(index);

    public bool OnOneLine(int first, int second) => LineOf(first) == LineOf(second);

    /// <summary>The next dash, value, anchor or opening bracket at or after a place; the text's length if there is none.</summary>
    public int NextContent(int index) => LowerBound(_content, index) is int next && next < _content.Count ? _content[next] : Text.Length;

    /// <summary>The dash that introduces the value at a place, or the place itself.</summary>
    public int DashBefore(int index) => LowerBound(_dashes, index) is > 0 and int next ? _dashes[next - 1] : index;

    /// <summary>Whether a brace opens between two places, both included.</summary>
    public bool HasBrace(int first, int last) => LowerBound(_braces, first) < LowerBound(_braces, last + 1);

    /// <summary>Whether the line above a place is blank and begins at or after <paramref name="from"/>.</summary>
    public bool AfterBlank(int index, int from)
    {
        int line = LineOf(index);
        return line > 0 && _lineStarts[line - 1] >= from && Text.AsSpan(_lineStarts[line - 1], _lineStarts[line] - _lineStarts[line - 1]).IsWhiteSpace();
    }

    private int LineEnd(int index)
    {
        int end = Text.IndexOf('\n', index);
        return end < 0 ? Text.Length : end;
    }

    /// <summary>Finds the comments between two values. A number sign begins one at the start of a line and after white space (YAML 1.2.2, section 6.6).</summary>
    /// <param name="inside">Whether the gap ends with the first line of a block scalar.</param>
    private void ScanGap(int from, int to, bool inside)
    {
        for (int i = from; i < to; i++)
        {
            if (Text[i] == '#' && (i == 0 || Text[i - 1] is ' ' or '\t' or '\n'))
            {
                int end = Math.Min(LineEnd(i), inside ? to : Text.Length);
                bool own = Text.AsSpan(LineStart(i), i - LineStart(i)).IsWhiteSpace();
                Comments.Add(new SourceComment(Text[i..end].TrimEnd(), i, Column(i), own));
                i = end;
            }
        }
    }

    private int LineOf(int index) => LowerBound(_lineStarts, index + 1) - 1;

    /// <summary>How many values of a sorted list are below a value.</summary>
    private static int LowerBound(List<int> sorted, int value) => sorted.BinarySearch(value) is >= 0 and int found ? found : ~sorted.BinarySearch(value);
}

/// <summary>A comment and where it is.</summary>
/// <param name="Own">Nothing stands before it on its line.</param>
internal sealed record SourceComment(string Text, int Index, int Column, bool Own);
