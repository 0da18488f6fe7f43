using System.Collections.Immutable;

namespace Weir.Compiler.Diagnostics;

/// <summary>One finding about a topology. Made by <see cref="Diagnose"/> alone, so that a code, its severity and its words live in one place.</summary>
/// <param name="Code"><c>WEIR</c> and four digits; never reused for something else.</param>
/// <param name="Message">One sentence without a full stop: what is wrong.</param>
/// <param name="Span">Where; <see cref="SourceSpan.None"/> when it is about no place in a file.</param>
public sealed record Diagnostic(string Code, Severity Severity, string Message, SourceSpan Span)
{
    /// <summary>Few words that belong under the caret, or null.</summary>
    public string? Label { get; init; }

    /// <summary>Other places that explain the finding.</summary>
    public ImmutableArray<RelatedSpan> Related { get; init; } = [];

    /// <summary>What to do about it, or null.</summary>
    public string? Help { get; init; }

    /// <summary>An edit that is likely to be right, or null.</summary>
    public Fix? Fix { get; init; }
}

/// <summary>How much a finding weighs.</summary>
public enum Severity
{
    /// <summary>Nothing is emitted.</summary>
    Error,

    /// <summary>Worth a look; the topology means what it says.</summary>
    Warning,
}

/// <param name="Label">What the place has to do with the finding, as <c>first defined here</c>.</param>
public sealed record RelatedSpan(SourceSpan Span, string Label);

/// <summary>Replaces the text of a span.</summary>
public sealed record Fix(string Title, SourceSpan Span, string Replacement);
