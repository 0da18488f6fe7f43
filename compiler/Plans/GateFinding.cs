using Weir.Compiler.Diagnostics;

namespace Weir.Compiler.Plans;

/// <summary>Something that the gate refuses unless somebody says that it is meant.</summary>
/// <param name="Target">Path of the object that an override must name.</param>
/// <param name="Site">The site it is about, or null for all.</param>
/// <param name="Diagnostic">Code, words and position (in the base revision for what is removed).</param>
/// <param name="AllowedBy">The override, or null: refused.</param>
public sealed record GateFinding(string Target, string? Site, Diagnostic Diagnostic, GateOverride? AllowedBy)
{
    public string Code => Diagnostic.Code;
}

/// <summary>Says that a finding is meant.</summary>
/// <param name="Source">Where it was given: a commit's id, or <c>--allow</c>.</param>
public sealed record GateOverride(string Code, string Target, string Source)
{
    /// <summary>The key of the commit trailer, as <c>Weir-Allow: WEIR1601 pools.web</c>.</summary>
    public const string Trailer = "Weir-Allow";

    /// <summary>Source of an override from the command line.</summary>
    public const string CommandLine = "--allow";

    /// <summary>Reads <c>CODE object</c> or <c>CODE:object</c>; null when the text is neither.</summary>
    public static GateOverride? Parse(string text, string source)
    {
        string[] parts = text.Split([' ', '\t', ':'], 2, StringSplitOptions.TrimEntries);
        return parts is [var code, { Length: > 0 } named] && code.StartsWith("WEIR16", StringComparison.Ordinal) && code.Length == 8
            && code.AsSpan(4).IndexOfAnyExceptInRange('0', '9') < 0 && !named.Any(char.IsWhiteSpace)
                ? new GateOverride(code, named, source)
                : null;
    }
}
