namespace Weir.Compiler.Diagnostics;

/// <summary>122x: port sets and what is said of single sites.</summary>
public static partial class Diagnose
{
    public static Diagnostic UnknownPortSet(SourceSpan span, string name, string? suggestion, SourceSpan suggested) =>
        (Error(1220, span, $"there is no port set {Quote(name)}") with { Help = "define it in `ports`, or write ports as tcp/443" })
            .DidYouMean(suggestion).With(suggested, "a similar name is here");

    public static Diagnostic UnusedPortSet(SourceSpan span, string name) =>
        Warning(1221, span, $"port set {Quote(name)} is used by no VIP") with { Help = "name it in a VIP's `ports`, or remove it" };

    public static Diagnostic PortSetIsProtocol(SourceSpan span, string name) =>
        Error(1222, span, $"{Quote(name)} cannot be a port set's name: it is a protocol's") with { Help = "name it for what it serves, as `web`" };

    public static Diagnostic UnservedOverride(SourceSpan span, string pool, string site) =>
        Warning(1223, span, $"no VIP uses pool {Quote(pool)} at site {Quote(site)}, so this has no effect") with
        {
            Help = $"add {Quote(site)} to the `sites` of a VIP that uses the pool, or remove this",
        };

    public static Diagnostic PortSetOverlap(SourceSpan span, string ports, SourceSpan first) =>
        Error(1224, span, $"{Quote(ports)} overlaps other ports of the set").With(first, "already listed here");
}
