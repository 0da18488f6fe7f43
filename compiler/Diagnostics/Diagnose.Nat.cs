namespace Weir.Compiler.Diagnostics;

/// <summary>1535 to 1544: NAT.</summary>
public static partial class Diagnose
{
    public static Diagnostic NoNatSource(SourceSpan span, string host, string site, string family, string backend, SourceSpan backendAddress) =>
        Error(1535, span, $"host {Quote(host)} of site {Quote(site)} has no {family} NAT source for backend {Quote(backend)}").With(backendAddress, $"backend {Quote(backend)} is reached by `type: nat`") with
        {
            Help = $"give the host `natSources` with an {family} prefix that routers lead to it alone",
        };

    public static Diagnostic NatSourceTwice(SourceSpan span, string host, string family, SourceSpan first) =>
        Error(1536, span, $"host {Quote(host)} has two {family} NAT sources").With(first, "the other") with { Help = "give it one prefix that holds as many addresses as it needs, at most 64" };

    public static Diagnostic NatSourceTooWide(SourceSpan span, string prefix, int shortest) =>
        Error(1537, span, $"NAT source {Quote(prefix)} has more than 64 addresses") with { Help = $"write /{shortest} or longer: every address has room for 32,768 connections" };

    public static Diagnostic NatSourcesUneven(SourceSpan span, string host, int four, int six) =>
        Error(1538, span, $"host {Quote(host)} has {Count(four, "IPv4 NAT source")} and {six} of IPv6") with { Help = "give it equally many: a connection's place in the table is its address and port in either family" };

    public static Diagnostic NatSourceTaken(SourceSpan span, string prefix, string taken, SourceSpan other) =>
        Error(1539, span, $"NAT source {Quote(prefix)} holds {taken}").With(other, "this") with { Help = "take addresses that nobody else uses: what comes to them is what backends answer to this host's NAT" };

    public static Diagnostic NatWithAllPorts(SourceSpan span, string ports, string vip, string pool) =>
        Error(1540, span, $"VIP {Quote(vip)} serves {Quote(ports)}, and pool {Quote(pool)} is reached by NAT") with
        {
            Help = "name the ports: with all of them anybody's packets take up ports of the NAT sources; or give the pool an encapsulation such as ipip",
        };

    public static Diagnostic NatWithServerIds(SourceSpan span, string pool, string site) =>
        Error(1541, span, $"pool {Quote(pool)} has server ids, and site {Quote(site)} reaches backends of it by NAT") with
        {
            Help = "remove the ids, since NAT keeps every connection's backend; or give the pool an encapsulation such as ipip, so that a client may change its address",
        };

    public static Diagnostic UnusedNatSources(SourceSpan span, string host) =>
        Warning(1542, span, $"`natSources` of host {Quote(host)} are not used: nothing at its site is reached by NAT") with { Help = "remove them, or give backends `encapsulation: { type: nat }`" };

    public static Diagnostic UnusedBackendPort(SourceSpan span, string backend) =>
        Warning(1543, span, $"backend {Quote(backend)} has a `port`, and is not reached by NAT") with { Help = "only NAT changes ports: remove it, or give the backend `encapsulation: { type: nat }`" };

    public static Diagnostic NoNextHopToClients(SourceSpan span, string site, string family, string vip, SourceSpan vipName) =>
        Error(1544, span, $"site {Quote(site)} has no {family} next hop for what NAT sends back to clients of VIP {Quote(vip)}").With(vipName, "the VIP") with
        {
            Help = $"add an {family} gateway to the site's `nextHop`, as `{{ gateway: [10.10.0.254, \"fd00::1\"] }}`",
        };
}
