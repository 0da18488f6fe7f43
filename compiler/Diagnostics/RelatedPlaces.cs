namespace Weir.Compiler.Diagnostics;

/// <summary>Says where a value comes to hold that is written elsewhere.</summary>
internal static class RelatedPlaces
{
    /// <summary>Adds the alias, name or object that brings the finding's value in, unless it is shown already.</summary>
    public static Diagnostic UsedAt(this Diagnostic diagnostic, SourceSpan? place) => diagnostic.Also(place, "used here");

    /// <summary>Adds a place with its part in the finding, unless it is shown already.</summary>
    public static Diagnostic Also(this Diagnostic diagnostic, SourceSpan? place, string label) =>
        place is { Line: > 0 } at && at != diagnostic.Span && diagnostic.Related.All(r => r.Span != at)
            ? diagnostic with { Related = diagnostic.Related.Add(new RelatedSpan(at, label)) }
            : diagnostic;
}
