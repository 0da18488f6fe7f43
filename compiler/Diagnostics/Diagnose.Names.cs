namespace Weir.Compiler.Diagnostics;

/// <summary>12xx: names and duplicates.</summary>
public static partial class Diagnose
{
    public static Diagnostic UnknownPool(SourceSpan span, string name, string? suggestion, SourceSpan suggested) =>
        Error(1201, span, $"there is no pool {Quote(name)}").DidYouMean(suggestion).With(suggested, "a similar name is here");

    public static Diagnostic UnknownSite(SourceSpan span, string name, string? suggestion, SourceSpan suggested) =>
        Error(1202, span, $"there is no site {Quote(name)}").DidYouMean(suggestion).With(suggested, "a similar name is here");

    public static Diagnostic UnusedPool(SourceSpan span, string name) =>
        Warning(1203, span, $"pool {Quote(name)} is used by no VIP") with { Help = "name it in a VIP's `pool`, or remove it" };

    public static Diagnostic UnusedSite(SourceSpan span, string name) =>
        Warning(1204, span, $"site {Quote(name)} serves no VIP") with { Help = "name it in a VIP's `sites`, or remove it" };

    public static Diagnostic DuplicateBackendName(SourceSpan span, string name, SourceSpan first) =>
        Error(1205, span, $"two backends of the pool are named {Quote(name)}").With(first, "first used here");

    public static Diagnostic DuplicateBackendAddress(SourceSpan span, string address, SourceSpan first) =>
        Error(1206, span, $"two backends of the pool have address {Quote(address)}").With(first, "first used here") with
        {
            Help = "a backend is its pool and address; give one a larger `weight` instead",
        };

    public static Diagnostic DuplicateVipAddress(SourceSpan span, string address, SourceSpan first) =>
        Error(1207, span, $"address {Quote(address)} is listed twice in the VIP").With(first, "first listed here");

    public static Diagnostic DuplicatePorts(SourceSpan span, string ports, SourceSpan first) =>
        Error(1208, span, $"{Quote(ports)} overlaps other ports of the VIP").With(first, "already listed here");

    public static Diagnostic OverlappingVips(SourceSpan span, string vip, string ports, string address, string site, string otherVip, SourceSpan other) =>
        Error(1209, span, $"VIPs {Quote(vip)} and {Quote(otherVip)} both serve {Quote(ports)} on {Quote(address)} at site {Quote(site)}")
            .With(other, $"{Quote(otherVip)} serves it here") with
        {
            Help = "an address, protocol and port belong to one VIP at a site: change one of them",
        };

    public static Diagnostic DuplicateSite(SourceSpan span, string name, SourceSpan first) =>
        Error(1210, span, $"site {Quote(name)} is listed twice in the VIP").With(first, "first listed here");

    public static Diagnostic SiteNotInTopology(string name, IReadOnlyCollection<string> sites) =>
        Error(1211, SourceSpan.None, $"the topology has no site {Quote(name)}") with
        {
            Help = Suggestion.For(name, sites) is { } suggestion
                ? $"did you mean {Quote(suggestion)}?"
                : $"its sites: {string.Join(", ", sites)}",
        };

    /// <summary>About one in 2^64 for each pair of backends.</summary>
    public static Diagnostic IdentityCollision(SourceSpan span, string pool, string backend, string other) =>
        Error(1212, span, $"backends {Quote(backend)} and {Quote(other)} of pool {Quote(pool)} have the same identity") with { Help = "rename the pool" };
}
