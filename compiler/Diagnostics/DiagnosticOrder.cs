using System.Collections.Immutable;

namespace Weir.Compiler.Diagnostics;

/// <summary>The order in which findings are shown: by file, place, code and words. It depends on nothing but the findings.</summary>
public static class DiagnosticOrder
{
    /// <summary>Sorts, and makes one of findings that say the same about the same place, as two uses of one alias do: it has the related
    /// places of all.</summary>
    public static ImmutableArray<Diagnostic> Sort(IEnumerable<Diagnostic> diagnostics) =>
    [
        .. diagnostics
            .OrderBy(d => d.Span.File, StringComparer.Ordinal)
            .ThenBy(d => d.Span.Line)
            .ThenBy(d => d.Span.Column)
            .ThenBy(d => d.Code, StringComparer.Ordinal)
            .ThenBy(d => d.Message, StringComparer.Ordinal)
            .GroupBy(d => (d.Span, d.Code, d.Message))
            .Select(Unite),
    ];

    private static Diagnostic Unite(IEnumerable<Diagnostic> alike)
    {
        Diagnostic first = alike.First();
        ImmutableArray<RelatedSpan> related = [.. alike.SelectMany(d => d.Related).Distinct()];
        return related.Length == first.Related.Length ? first : first with { Related = related };
    }

    /// <summary>Whether any of them is an error.</summary>
    public static bool HasErrors(this IEnumerable<Diagnostic> diagnostics) => diagnostics.Any(d => d.Severity == Severity.Error);
}
