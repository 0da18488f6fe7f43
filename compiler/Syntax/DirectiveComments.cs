using Weir.Compiler.Diagnostics;
using Weir.Compiler.Sources;
using YamlDotNet.Core;
using YamlDotNet.Core.Tokens;

namespace Weir.Compiler.Syntax;

/// <summary>A comment that speaks to Weir: its first word begins with <see cref="DirectiveComments.Prefix"/>.</summary>
/// <param name="Words">The comment's words, each with its place; at least one.</param>
/// <param name="Line">The line that it is about: the next one with anything but comments in it.</param>
public sealed record DirectiveComment(IReadOnlyList<(string Text, SourceSpan Span)> Words, int Line);

/// <summary>Finds directives by the parser's own scanner, so that a <c>#</c> within a scalar is none.</summary>
internal static class DirectiveComments
{
    public const string Prefix = "weir-disable";

    /// <param name="file">Without syntax errors.</param>
    public static IEnumerable<DirectiveComment> Read(SourceFile file)
    {
        if (!file.Text.Contains(Prefix, StringComparison.Ordinal))
        {
            yield break;
        }

        string[] lines = file.Text.Replace("\r\n", "\n", StringComparison.Ordinal).Split('\n', '\r');
        foreach ((int line, int column) in Comments(file.Text))
        {
            List<(string Text, SourceSpan Span)> words = Words(file.Path, lines[line - 1], line, column);
            if (words.Count > 0 && words[0].Text.StartsWith(Prefix, StringComparison.Ordinal))
            {
                yield return new DirectiveComment(words, NextContent(lines, line));
            }
        }
    }

    /// <summary>Where comments begin, at their <c>#</c>.</summary>
    private static List<(int Line, int Column)> Comments(string text)
    {
        List<(int, int)> places = [];
        Scanner scanner = new(new StringReader(text), skipComments: false);
        try
        {
            while (scanner.MoveNext())
            {
                if (scanner.Current is Comment comment)
                {
                    places.Add(((int)comment.Start.Line, (int)comment.Start.Column));
                }
            }
        }
        catch (Exception e) when (e is not OutOfMemoryException)
        {
            // The parser, which leaves comments out, could read the file; what follows here is beyond the scanner.
        }

        return places;
    }

    private static List<(string Text, SourceSpan Span)> Words(string file, string line, int number, int column)
    {
        List<(string, SourceSpan)> words = [];
        int at = column;
        while (at < line.Length)
        {
            int end = at;
            while (end < line.Length && !char.IsWhiteSpace(line[end]))
            {
                end++;
            }

            if (end > at)
            {
                words.Add((line[at..end], new SourceSpan(file, number, at + 1, number, end + 1)));
            }

            at = end + 1;
        }

        return words;
    }

    private static int NextContent(string[] lines, int line)
    {
        int next = line;
        while (next < lines.Length && lines[next].TrimStart() is "" or ['#', ..])
        {
            next++;
        }

        return next + 1;
    }
}
