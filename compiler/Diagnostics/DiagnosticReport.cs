using System.Collections.Immutable;
using System.Globalization;

namespace Weir.Compiler.Diagnostics;

/// <summary>Findings as they are shown: at most so many, and a count of the others.</summary>
/// <param name="Shown">In <see cref="DiagnosticOrder"/>.</param>
public sealed record DiagnosticReport(ImmutableArray<Diagnostic> Shown, int HiddenErrors, int HiddenWarnings)
{
    /// <summary>So many are shown unless the user says otherwise.</summary>
    public const int DefaultMaximum = 100;

    public int Errors => Shown.Count(d => d.Severity == Severity.Error) + HiddenErrors;

    public int Warnings => Shown.Count(d => d.Severity == Severity.Warning) + HiddenWarnings;

    /// <summary>Chooses what is shown: errors before warnings, each from the top.</summary>
    /// <param name="diagnostics">In order.</param>
    /// <param name="maximum">0 shows all.</param>
    public static DiagnosticReport Of(ImmutableArray<Diagnostic> diagnostics, int maximum = DefaultMaximum)
    {
        if (maximum == 0 || diagnostics.Length <= maximum)
        {
            return new DiagnosticReport(diagnostics, 0, 0);
        }

        int errors = diagnostics.Count(d => d.Severity == Severity.Error);
        int shownErrors = Math.Min(errors, maximum);
        int shownWarnings = Math.Min(diagnostics.Length - errors, maximum - shownErrors);
        (int error, int warning) = (0, 0);
        return new DiagnosticReport(
            [.. diagnostics.Where(d => d.Severity == Severity.Error ? error++ < shownErrors : warning++ < shownWarnings)],
            errors - shownErrors,
            diagnostics.Length - errors - shownWarnings);
    }

    /// <summary>As <c>12 errors and 3 warnings more are not shown</c>; null when all are.</summary>
    public string? HiddenText()
    {
        string[] kinds = [.. new[] { Count(HiddenErrors, "error"), Count(HiddenWarnings, "warning") }.OfType<string>()];
        return kinds.Length == 0 ? null : $"{string.Join(" and ", kinds)} more {(HiddenErrors + HiddenWarnings == 1 ? "is" : "are")} not shown";
    }

    private static string? Count(int count, string noun) =>
        count == 0 ? null : string.Create(CultureInfo.InvariantCulture, $"{count} {noun}{(count == 1 ? "" : "s")}");
}
