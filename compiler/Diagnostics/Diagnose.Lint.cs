namespace Weir.Compiler.Diagnostics;

/// <summary>17xx: advice, and what a topology says about advice.</summary>
public static partial class Diagnose
{
    public static Diagnostic SingleBackend(SourceSpan span, string pool, string backend) =>
        Warning(1701, span, $"pool {Quote(pool)} has one backend that takes new flows, {Quote(backend)}: without it there is no service") with
        {
            Help = "add a second one",
        };

    /// <param name="median">Of the weights of the pool's active backends.</param>
    public static Diagnostic WeightSkew(SourceSpan span, string pool, string backend, int weight, int median) =>
        Warning(1702, span, $"backend {Quote(backend)} of pool {Quote(pool)} has weight {weight}, the pool's median is {median}") with
        {
            Help = "one that weighs more than ten times as much as most is often a slip; its loss would swamp the others",
        };

    /// <param name="mtu">Bytes.</param>
    /// <param name="inner">Largest packet that fits, in bytes.</param>
    /// <param name="needed">The MTU that would carry packets of 1,500 bytes.</param>
    public static Diagnostic MtuMargin(SourceSpan span, string site, int mtu, int inner, int needed) =>
        Warning(1703, span, $"at site {Quote(site)} packets of more than {inner} bytes do not fit into the path's {mtu} with their outer header") with
        {
            Help = $"let the path carry {needed} bytes and set `mtu: {needed}`, or clamp the MSS on backends",
        };

    public static Diagnostic ZeroWeightBackend(SourceSpan span, string pool, string backend) =>
        Warning(1704, span, $"backend {Quote(backend)} of pool {Quote(pool)} is active with weight 0: it takes no new flows") with
        {
            Help = "say `state: drain` if that is meant",
        };

    public static Diagnostic SingleHost(SourceSpan span, string site, string host) =>
        Warning(1705, span, $"site {Quote(site)} has one load balancer, {Quote(host)}") with { Help = "add a second host" };

    public static Diagnostic UnknownRule(SourceSpan span, string name, string? suggestion) =>
        (Error(1751, span, $"there is no lint rule {Quote(name)}") with { Help = "weir explain --list names them all" }).DidYouMean(suggestion);

    public static Diagnostic DisableWithoutReason(SourceSpan span, string rule) =>
        Error(1752, span, $"{Quote(rule)} is disabled without a reason") with { Help = "say why behind the rule's name, for whoever reads it next" };

    public static Diagnostic NotDisablable(SourceSpan span, string code) =>
        Error(1753, span, $"{Quote(code)} is no lint rule and cannot be disabled") with { Help = "such a finding is an error: it is mended, not silenced" };

    public static Diagnostic UnusedDisable(SourceSpan span, string rule) =>
        Warning(1754, span, $"nothing here needs {Quote(rule)} to be disabled") with { Help = "remove the comment" };

    public static Diagnostic UnknownDirective(SourceSpan span, string directive, string meant) =>
        Error(1755, span, $"{Quote(directive)} is no directive of Weir").DidYouMean(meant);
}
