using Weir.Compiler.Sources;

namespace Weir.Compiler.Diagnostics;

/// <summary>Keeps spans within their files: at the end of a text the parser's places may lie a line beyond it.</summary>
internal sealed class SpanBounds(SourceSet sources)
{
    private readonly SourceLines _lines = new(sources);

    public Diagnostic Within(Diagnostic diagnostic) => diagnostic with
    {
        Span = Within(diagnostic.Span),
        Related = [.. diagnostic.Related.Select(r => r with { Span = Within(r.Span) })],
        Fix = diagnostic.Fix is { } fix ? fix with { Span = Within(fix.Span) } : null,
    };

    private SourceSpan Within(SourceSpan span)
    {
        string[] lines = _lines.Of(span.File);
        if (span == SourceSpan.None || lines.Length == 0)
        {
            return span;
        }

        (int line, int column) = Within(lines, span.Line, span.Column);
        (int endLine, int endColumn) = Within(lines, span.EndLine, span.EndColumn);
        return (endLine, endColumn).CompareTo((line, column)) < 0
            ? new SourceSpan(span.File, line, column, line, column)
            : new SourceSpan(span.File, line, column, endLine, endColumn);
    }

    private static (int Line, int Column) Within(string[] lines, int line, int column) => line > lines.Length
        ? (lines.Length, lines[^1].Length + 1)
        : (Math.Max(1, line), Math.Clamp(column, 1, lines[Math.Max(1, line) - 1].Length + 1));
}
