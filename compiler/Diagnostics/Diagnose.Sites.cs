namespace Weir.Compiler.Diagnostics;

/// <summary>15xx: sites, encapsulation and next hops.</summary>
public static partial class Diagnose
{
    public static Diagnostic NoOuterSource(SourceSpan span, string site, string family, string backend, SourceSpan backendAddress) =>
        Error(1501, span, $"site {Quote(site)} has no {family} source for its encapsulation, which backend {Quote(backend)} needs")
            .With(backendAddress, $"an {family} backend that the site's VIPs use") with
        {
            Help = $"add an {family} address to `encapsulation.source`",
        };

    public static Diagnostic NoNextHop(SourceSpan span, string site, string family, string backend, SourceSpan backendAddress) =>
        Error(1502, span, $"site {Quote(site)} has no {family} next hop, which backend {Quote(backend)} needs")
            .With(backendAddress, $"an {family} backend that the site's VIPs use") with
        {
            Help = $"add an {family} address to `nextHop.gateway`, or give a `mac` for both families",
        };

    public static Diagnostic InvalidInterface(SourceSpan span, string name, string reason) =>
        Error(1503, span, $"{Quote(name)} cannot be an interface's name: {reason}") with { Help = "Linux allows 1 to 15 bytes without `/`, `:` and white space" };
}
