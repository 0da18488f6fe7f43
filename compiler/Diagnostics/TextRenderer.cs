using System.Collections.Immutable;
using System.Globalization;
using System.Text;
using Weir.Compiler.Sources;

namespace Weir.Compiler.Diagnostics;

/// <summary>Writes findings for people: code, place, the source line with a caret under the exact span, related places, help.</summary>
/// <param name="root">Put before file names, as <c>topology/</c>; may be empty.</param>
public sealed class TextRenderer(SourceSet sources, string root, bool color)
{
    private readonly SourceLines _lines = new(sources);

    public string Render(IEnumerable<Diagnostic> diagnostics)
    {
        StringBuilder text = new();
        foreach (Diagnostic diagnostic in diagnostics)
        {
            Render(diagnostic, text);
            text.Append('\n');
        }

        return text.ToString();
    }

    /// <summary>What is shown, and below it how many findings are not.</summary>
    public string Render(DiagnosticReport report) => Render(report.Shown) + (report.HiddenText() is { } hidden
        ? $"{hidden}: --max-findings 0 shows all\n\n"
        : "");

    /// <summary>As <c>2 errors, 1 warning</c>.</summary>
    public static string Summary(ImmutableArray<Diagnostic> diagnostics)
    {
        int errors = diagnostics.Count(d => d.Severity == Severity.Error);
        int warnings = diagnostics.Length - errors;
        return string.Create(CultureInfo.InvariantCulture, $"{errors} error{(errors == 1 ? "" : "s")}, {warnings} warning{(warnings == 1 ? "" : "s")}");
    }

    private void Render(Diagnostic diagnostic, StringBuilder text)
    {
        bool error = diagnostic.Severity == Severity.Error;
        string severityColor = error ? Ansi.Red : Ansi.Yellow;
        text.Append(Paint($"{(error ? "error" : "warning")}[{diagnostic.Code}]", severityColor)).Append(Paint($": {diagnostic.Message}", Ansi.Bold)).Append('\n');
        IEnumerable<int> lines = diagnostic.Related.Select(r => r.Span.Line).Append(diagnostic.Span.Line);
        string gutter = new(' ', lines.Max().ToString(CultureInfo.InvariantCulture).Length);
        Excerpt(diagnostic.Span, diagnostic.Label, "-->", '^', severityColor, gutter, text);
        foreach (RelatedSpan related in diagnostic.Related)
        {
            Excerpt(related.Span, related.Label, ":::", '-', Ansi.Blue, gutter, text);
        }

        if (diagnostic.Help is { } help)
        {
            text.Append(Paint($"{gutter} = help:", Ansi.Blue)).Append(' ').Append(help).Append('\n');
        }
    }

    private void Excerpt(SourceSpan span, string? label, string arrow, char mark, string markColor, string gutter, StringBuilder text)
    {
        if (span == SourceSpan.None)
        {
            return;
        }

        string place = string.Create(CultureInfo.InvariantCulture, $"{PlainText.Of(root + span.File)}:{span.Line}:{span.Column}");
        text.Append(Paint($"{gutter}{arrow}", Ansi.Blue)).Append(' ').Append(place).Append('\n');
        if (SourceLine.Cut(_lines.Of(span.File), span) is not { } line)
        {
            return;
        }

        string number = span.Line.ToString(CultureInfo.InvariantCulture).PadLeft(gutter.Length);
        string marks = new(mark, line.Width);
        text.Append(Paint($"{gutter} |", Ansi.Blue)).Append('\n')
            .Append(Paint($"{number} |", Ansi.Blue)).Append(' ').Append(line.Text).Append('\n')
            .Append(Paint($"{gutter} |", Ansi.Blue)).Append(' ').Append(' ', line.Offset)
            .Append(Paint(label is null ? marks : $"{marks} {label}", markColor)).Append('\n');
    }

    private string Paint(string text, string code) => color ? code + text + Ansi.Reset : text;

    private static class Ansi
    {
        public const string Red = "\e[1;31m";
        public const string Yellow = "\e[1;33m";
        public const string Blue = "\e[1;34m";
        public const string Bold = "\e[1m";
        public const string Reset = "\e[0m";
    }
}
