using System.Globalization;
using System.Text;

namespace Weir.Compiler.Diagnostics;

/// <summary>Writes findings as workflow commands, which GitHub shows beside the lines of a pull request.
/// It shows ten of a kind per step, so no more are written; a notice counts the others.</summary>
public static class GitHubRenderer
{
    /// <summary>Annotations of one kind that GitHub takes from a step.</summary>
    public const int Limit = 10;

    /// <param name="root">Put before file names, so that they count from the repository's root.</param>
    public static string Render(DiagnosticReport report, string root)
    {
        StringBuilder text = new();
        foreach (Severity severity in new[] { Severity.Error, Severity.Warning })
        {
            foreach (Diagnostic diagnostic in report.Shown.Where(d => d.Severity == severity).Take(Limit))
            {
                Write(diagnostic, root, text);
            }
        }

        int errors = report.Errors - Math.Min(Limit, report.Shown.Count(d => d.Severity == Severity.Error));
        int warnings = report.Warnings - Math.Min(Limit, report.Shown.Count(d => d.Severity == Severity.Warning));
        if (new DiagnosticReport([], errors, warnings).HiddenText() is { } hidden)
        {
            text.Append("::notice title=Weir::").Append(Data($"{hidden} here: run weir validate to see all")).Append('\n');
        }

        return text.ToString();
    }

    private static void Write(Diagnostic diagnostic, string root, StringBuilder text)
    {
        text.Append(diagnostic.Severity == Severity.Error ? "::error " : "::warning ");
        SourceSpan span = diagnostic.Span;
        if (span != SourceSpan.None)
        {
            text.Append(CultureInfo.InvariantCulture, $"file={Property(root + span.File)},line={span.Line}");
            if (span.EndLine == span.Line)
            {
                // Columns are taken for spans within a line only, and the last one is part of the span.
                text.Append(CultureInfo.InvariantCulture, $",col={span.Column},endLine={span.Line},endColumn={Math.Max(span.Column, span.EndColumn - 1)}");
            }
            else
            {
                text.Append(CultureInfo.InvariantCulture, $",endLine={span.EndLine}");
            }

            text.Append(',');
        }

        string rule = LintRules.OfCode(diagnostic.Code) is { } lint ? $" {lint.Name}" : "";
        text.Append("title=").Append(Property(diagnostic.Code + rule)).Append("::").Append(Data(Message(diagnostic, root))).Append('\n');
    }

    private static string Message(Diagnostic diagnostic, string root)
    {
        StringBuilder message = new(diagnostic.Message);
        if (diagnostic.Label is { } label)
        {
            message.Append('\n').Append(label);
        }

        foreach (RelatedSpan related in diagnostic.Related)
        {
            message.Append(CultureInfo.InvariantCulture, $"\n{root}{related.Span.File}:{related.Span.Line}: {related.Label}");
        }

        if (diagnostic.Help is { } help)
        {
            message.Append("\nhelp: ").Append(help);
        }

        return message.ToString();
    }

    private static string Data(string text) => text
        .Replace("%", "%25", StringComparison.Ordinal)
        .Replace("\r", "%0D", StringComparison.Ordinal)
        .Replace("\n", "%0A", StringComparison.Ordinal);

    private static string Property(string text) => Data(text)
        .Replace(":", "%3A", StringComparison.Ordinal)
        .Replace(",", "%2C", StringComparison.Ordinal);
}
