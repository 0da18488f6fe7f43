namespace Weir.Compiler.Diagnostics;

/// <summary>1525 to 1534: a site's own link, and what its hosts decapsulate.</summary>
public static partial class Diagnose
{
    public static Diagnostic BackendBeyondSegments(SourceSpan span, string backend, string site, string pool, SourceSpan segments) =>
        Error(1525, span, $"backend {Quote(backend)} of pool {Quote(pool)} is behind a router of site {Quote(site)}, where `type: l2` does not reach").With(segments, "no segment of the site holds its address") with
        {
            Help = "only the MAC is rewritten, which no router passes on: add the prefix to the site's `segments` if the backend is on the hosts' own link, or give it an encapsulation such as ipip",
        };

    public static Diagnostic UnusedMac(SourceSpan span, string backend) =>
        Warning(1526, span, $"`mac` of backend {Quote(backend)} is not used: nothing is sent to it by `type: l2`") with { Help = "remove it, or give the backend `encapsulation: { type: l2 }`" };

    public static Diagnostic DecapsulationAtVip(SourceSpan span, string address, string vip, SourceSpan vipName) =>
        Error(1527, span, $"decapsulation address {Quote(address)} is an address of VIP {Quote(vip)}").With(vipName, "the VIP") with
        {
            Help = "give the hosts an address of their own for what other sites hand over",
        };

    public static Diagnostic DecapsulationAtBackend(SourceSpan span, string address, string site, string backend, SourceSpan backendAddress) =>
        Error(1528, span, $"decapsulation address {Quote(address)} of site {Quote(site)} is a backend's that the site sends to").With(backendAddress, $"backend {Quote(backend)}") with
        {
            Help = "packets would come back to the host that sent them: let only other sites use this backend, or take another address",
        };

    public static Diagnostic NobodyMaySend(SourceSpan span, string address, string family) =>
        Error(1529, span, $"nobody may send to decapsulation address {Quote(address)}") with { Help = $"add an {family} prefix of the senders' outer sources to `decapsulate.from`, or remove the address" };
}
