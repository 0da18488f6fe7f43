namespace Weir.Compiler.Diagnostics;

/// <summary>The part of a source line that is shown, and where the marks under it go, in cells of a terminal.</summary>
internal readonly record struct SourceLine(string Text, int Offset, int Width)
{
    /// <summary>So much is shown of a line; long lines are cut around the span.</summary>
    private const int Longest = 100;

    /// <summary>Null when there is nothing to show.</summary>
    public static SourceLine? Cut(string[] lines, SourceSpan span)
    {
        if (span.Line < 1 || span.Line > lines.Length)
        {
            return null;
        }

        string line = lines[span.Line - 1].TrimEnd();
        if (line.Length == 0)
        {
            return null;
        }

        int start = Math.Clamp(span.Column - 1, 0, line.Length);
        int end = span.EndLine == span.Line ? Math.Clamp(span.EndColumn - 1, start, line.Length) : line.Length;
        int from = line.Length <= Longest ? 0 : Math.Clamp(start - (Longest / 3), 0, line.Length - Longest);
        int to = Math.Min(line.Length, from + Longest);
        from -= from > 0 && char.IsLowSurrogate(line[from]) ? 1 : 0;
        to += to < line.Length && char.IsLowSurrogate(line[to]) ? 1 : 0;
        end = Math.Max(start, Math.Min(end, to));
        string plain = PlainText.Of(line[from..to]);
        string prefix = from > 0 ? "... " : "";
        string text = prefix + plain + (to < line.Length ? " ..." : "");
        return new SourceLine(text, prefix.Length + DisplayWidth.Of(plain.AsSpan(0, start - from)), Math.Max(1, DisplayWidth.Of(plain.AsSpan(start - from, end - start))));
    }
}
