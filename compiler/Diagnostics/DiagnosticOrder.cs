using System.Collections.Immutable;

namespace Weir.Compiler.Diagnostics;

/// <summary>The order in which findings are shown: by file, place, code and words. It depends on nothing but the findings.</summary>
public static class DiagnosticOrder
{
    /// <summary>Sorts, and drops findings that say the same about the same place (as two uses of one alias do).</summary>
    public static ImmutableArray<Diagnostic> Sort(IEnumerable<Diagnostic> diagnostics) =>
    [
        .. diagnostics
            .OrderBy(d => d.Span.File, StringComparer.Ordinal)
            .ThenBy(d => d.Span.Line)
            .ThenBy(d => d.Span.Column)
            .ThenBy(d => d.Code, StringComparer.Ordinal)
            .ThenBy(d => d.Message, StringComparer.Ordinal)
            .DistinctBy(d => (d.Span, d.Code, d.Message)),
    ];

    /// <summary>Whether any of them is an error.</summary>
    public static bool HasErrors(this IEnumerable<Diagnostic> diagnostics) => diagnostics.Any(d => d.Severity == Severity.Error);
}
