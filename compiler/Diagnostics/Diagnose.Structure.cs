namespace Weir.Compiler.Diagnostics;

/// <summary>11xx: keys, types and values that the schema does not allow.</summary>
public static partial class Diagnose
{
    /// <param name="allowed">Keys allowed there, sorted; empty when only the names' form is fixed.</param>
    public static Diagnostic UnknownKey(SourceSpan span, string key, IReadOnlyCollection<string> allowed) =>
        (Error(1101, span, $"unknown key {Quote(key)}") with { Help = $"keys allowed here: {string.Join(", ", allowed)}" })
            .DidYouMean(Suggestion.For(key, allowed));

    public static Diagnostic MissingKey(SourceSpan span, string key, string? meaning) =>
        Error(1102, span, $"{Quote(key)} is missing") with { Help = meaning };

    /// <param name="expected">With article, as <c>a string</c>.</param>
    /// <param name="actual">With article, as <c>the integer 5</c>.</param>
    /// <param name="meant">What to write instead, or null.</param>
    public static Diagnostic WrongType(SourceSpan span, string expected, string actual, string? help, string? meant = null) =>
        (Error(1103, span, $"expected {expected}, found {PlainText.Of(actual.Length > 2 * LongestQuote ? actual[..LongestQuote] + "...`" : actual)}") with { Help = help }).DidYouMean(meant);

    public static Diagnostic OutOfRange(SourceSpan span, string value, string range) =>
        Error(1104, span, $"{Quote(value)} is out of range") with { Help = $"allowed: {range}" };

    public static Diagnostic NotAllowed(SourceSpan span, string value, IReadOnlyCollection<string> allowed) =>
        (Error(1105, span, $"{Quote(value)} is not a value allowed here") with { Help = $"allowed: {string.Join(", ", allowed)}" })
            .DidYouMean(Suggestion.For(value, allowed));

    public static Diagnostic MalformedText(SourceSpan span, string value, string? meaning) =>
        Error(1106, span, $"{Quote(value)} is malformed") with { Help = meaning };

    public static Diagnostic TooFew(SourceSpan span, string what, string? meaning) => Error(1107, span, $"{what} is empty") with { Help = meaning };

    public static Diagnostic TooMany(SourceSpan span, string what, string limit, string? meaning) =>
        Error(1108, span, $"{what} has too many entries, at most {limit} allowed") with { Help = meaning };

    public static Diagnostic TextLength(SourceSpan span, string limits, string? meaning) =>
        Error(1109, span, $"the text's length must be {limits}") with { Help = meaning };

    public static Diagnostic OtherVersion(SourceSpan span, string required, string actual) =>
        Error(1110, span, $"the topology requires Weir {Quote(required)}, this is {actual}") with { Help = "use that version, or change `requires.weir` and look at the plan" };

    /// <summary>A rule of the schema without a sentence of its own: a test keeps the schema from needing it.</summary>
    public static Diagnostic SchemaViolation(SourceSpan span, string rule) => Error(1199, span, $"the schema does not allow this: {PlainText.Of(rule)}");
}
