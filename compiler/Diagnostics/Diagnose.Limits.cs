namespace Weir.Compiler.Diagnostics;

/// <summary>142x: limits and preferences.</summary>
public static partial class Diagnose
{
    /// <param name="meant">The same in the form wanted, or null.</param>
    public static Diagnostic MalformedSize(SourceSpan span, string text, string? meant) =>
        (Error(1420, span, $"{Quote(text)} is not a size") with { Help = "write a whole number of up to 7 digits and KiB, MiB or GiB, as 256MiB" })
            .DidYouMean(meant);
}
