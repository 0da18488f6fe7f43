using System.Text;

namespace Weir.Compiler.Diagnostics;

/// <summary>The part of a source line that is shown, and where the marks under it go, in characters as a terminal counts them.</summary>
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
        string prefix = from > 0 ? "... " : "";
        string text = prefix + PlainText.Of(line[from..to]) + (to < line.Length ? " ..." : "");
        return new SourceLine(text, prefix.Length + Runes(line, from, start), Math.Max(1, Runes(line, start, end)));
    }

    private static int Runes(string line, int from, int to)
    {
        int count = 0;
        foreach (Rune _ in line.AsSpan(from, Math.Max(0, to - from)).EnumerateRunes())
        {
            count++;
        }

        return count;
    }
}
