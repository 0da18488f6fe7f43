namespace Weir.Compiler.Diagnostics;

/// <summary>142x: limits and preferences.</summary>
public static partial class Diagnose
{
    /// <param name="meant">The same in the form wanted, or null.</param>
    public static Diagnostic MalformedSize(SourceSpan span, string text, string? meant) =>
        (Error(1420, span, $"{Quote(text)} is not a size") with { Help = "write a whole number of up to 7 digits and KiB, MiB or GiB, as 256MiB" })
            .DidYouMean(meant);

    /// <param name="wanted">What is preferred, as <c>site `ams1`</c>.</param>
    public static Diagnostic NothingPreferred(SourceSpan span, string pool, string site, string wanted) =>
        Warning(1421, span, $"no backend of pool {Quote(pool)} is preferred at site {Quote(site)}: all are taken alike") with
        {
            Help = $"give a backend {PlainText.Of(wanted)}, or say `prefer: any` for this site",
        };

    public static Diagnostic AllDown(SourceSpan span, string pool) =>
        Warning(1422, span, $"all backends of pool {Quote(pool)} are down: its VIPs answer nobody") with { Help = "make one `active`" };
}
