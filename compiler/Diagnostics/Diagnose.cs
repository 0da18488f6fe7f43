using System.Globalization;

namespace Weir.Compiler.Diagnostics;

/// <summary>The table of diagnostics: one method per code. Codes are grouped, and a group is a file:
/// 10xx files and YAML, 11xx structure, 12xx names and duplicates, 13xx addresses and ports, 14xx capacity and limits, 15xx sites.</summary>
public static partial class Diagnose
{
    private const int LongestQuote = 60;

    private static Diagnostic Error(int code, SourceSpan span, string message) => new(Format(code), Severity.Error, message, span);

    private static Diagnostic Warning(int code, SourceSpan span, string message) => new(Format(code), Severity.Warning, message, span);

    private static string Format(int code) => "WEIR" + code.ToString("D4", CultureInfo.InvariantCulture);

    /// <summary>Text from a file as it may stand in a message: in backquotes, on one line, of bounded length, without control characters.</summary>
    private static string Quote(string text) =>
        "`" + PlainText.Of(text.Length > LongestQuote ? text[..LongestQuote] + "..." : text) + "`";

    /// <summary>A path, whole.</summary>
    private static string Path(string path) => "`" + PlainText.Of(path) + "`";

    /// <summary>Adds <paramref name="suggestion"/> as label and fix.</summary>
    private static Diagnostic DidYouMean(this Diagnostic diagnostic, string? suggestion) => suggestion is null
        ? diagnostic
        : diagnostic with
        {
            Label = $"did you mean {Quote(suggestion)}?",
            Fix = new Fix($"write {Quote(suggestion)}", diagnostic.Span, suggestion),
        };

    private static Diagnostic With(this Diagnostic diagnostic, SourceSpan related, string label) =>
        related == SourceSpan.None ? diagnostic : diagnostic with { Related = diagnostic.Related.Add(new RelatedSpan(related, label)) };

    /// <summary>Millionths as per cent, rounded up to tenths.</summary>
    private static string Percent(int ppm) => string.Create(CultureInfo.InvariantCulture, $"{(ppm + 999L) / 1000 / 10}.{(ppm + 999L) / 1000 % 10} %");

    private static string Count(int count, string noun) => Count(count, noun, noun + "s");

    private static string Count(int count, string noun, string plural) => count == 1 ? $"1 {noun}" : $"{count} {plural}";
}
