namespace Weir.Compiler.Diagnostics;

/// <summary>123x: source lists and routes of VIPs.</summary>
public static partial class Diagnose
{
    /// <param name="list"><c>allow</c> or <c>deny</c>.</param>
    public static Diagnostic DuplicateSource(SourceSpan span, string prefix, string list, SourceSpan first) =>
        Error(1230, span, $"{Quote(prefix)} is already in `{list}`").With(first, "already listed here") with { Help = "remove one of the two" };

    public static Diagnostic ContradictorySource(SourceSpan span, string vip, string prefix, SourceSpan allowed) =>
        Error(1231, span, $"VIP {Quote(vip)} both allows and denies {Quote(prefix)}").With(allowed, "allowed here") with
        {
            Help = "the longest prefix decides, and these two are equally long: remove one of the two",
        };

    public static Diagnostic DuplicateRoute(SourceSpan span, string vip, string prefix, SourceSpan first) =>
        Error(1232, span, $"VIP {Quote(vip)} has a second route for {Quote(prefix)}").With(first, "already routed here") with
        {
            Help = "a source goes to one pool: remove one of the two",
        };

    /// <param name="list"><c>allow</c>, <c>deny</c> or <c>routes</c>.</param>
    public static Diagnostic TooManySources(SourceSpan span, string vip, string list, int prefixes, int most) =>
        Error(1233, span, $"`{list}` of VIP {Quote(vip)} has {Count(prefixes, "prefix", "prefixes")}, at most {most} fit") with
        {
            Help = "write wider prefixes, or filter in front of the load balancer",
        };

    public static Diagnostic TooManySourcesAtSite(SourceSpan span, string site, int prefixes, int most) =>
        Error(1234, span, $"the VIPs at site {Quote(site)} list {Count(prefixes, "prefix", "prefixes")} of sources, at most {most} fit") with
        {
            Help = "equal lists of several VIPs count once: let VIPs share them by an anchor, or write wider prefixes",
        };

    public static Diagnostic DeniedRoute(SourceSpan span, string vip, string prefix) =>
        Warning(1235, span, $"no source in {Quote(prefix)} may use VIP {Quote(vip)}, so this route has no effect") with
        {
            Help = "allow some of them, or remove the route",
        };

    /// <param name="family"><c>IPv4</c> or <c>IPv6</c>.</param>
    public static Diagnostic FamilyDenied(SourceSpan span, string vip, string family) =>
        Warning(1236, span, $"VIP {Quote(vip)} has {family} addresses, and `allow` has no {family} prefix: nobody may use them") with
        {
            Help = $"allow {family} prefixes too, or remove the {family} addresses",
        };

    public static Diagnostic ForeignSource(SourceSpan span, string vip, string prefix, string family) =>
        Warning(1237, span, $"{Quote(prefix)} has no effect: VIP {Quote(vip)} has no {family} address") with { Help = "remove it" };
}
