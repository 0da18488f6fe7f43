namespace Weir.Compiler.Diagnostics;

/// <summary>13xx: addresses, ports and MACs.</summary>
public static partial class Diagnose
{
    public static Diagnostic MalformedAddress(SourceSpan span, string text, string? reason) =>
        Error(1301, span, $"{Quote(text)} is not an IP address") with { Help = reason ?? "write IPv4 as 192.0.2.1, IPv6 as \"2001:db8::1\"" };

    /// <param name="range">As <c>127.0.0.0/8, loopback</c>.</param>
    public static Diagnostic ReservedAddress(SourceSpan span, string address, string range) =>
        Error(1302, span, $"{Quote(address)} cannot be used: it is in {range}") with { Help = "use a unicast address that the network routes" };

    public static Diagnostic MalformedPrefix(SourceSpan span, string text) =>
        Error(1303, span, $"{Quote(text)} is not an address or prefix") with { Help = "write 10.10.0.1, 10.10.0.0/24 or \"2001:db8:ffff::/64\"" };

    public static Diagnostic HostBitsSet(SourceSpan span, string text, string network) =>
        Error(1304, span, $"prefix {Quote(text)} has host bits set") with
        {
            Label = $"did you mean {Quote(network)}?",
            Help = "a prefix stands for all of its addresses; for a single one leave the length out",
            Fix = new Fix($"write {Quote(network)}", span, network),
        };

    public static Diagnostic SeveralOfFamily(SourceSpan span, string family, SourceSpan first) =>
        Error(1305, span, $"a second {family} address").With(first, $"the {family} address is already given here") with { Help = "one per address family" };

    public static Diagnostic MalformedPort(SourceSpan span, string text) =>
        Error(1306, span, $"{Quote(text)} does not name ports") with { Help = "write tcp/443, udp/53, tcp/8000-8099 or udp/*; ports are 1 to 65535" };

    public static Diagnostic PortZero(SourceSpan span, string text) =>
        Error(1307, span, $"{Quote(text)} names port 0, which no packet can be for") with { Help = "ports are 1 to 65535; tcp/* means all" };

    public static Diagnostic ReversedRange(SourceSpan span, string text, string turned) =>
        Error(1308, span, $"port range {Quote(text)} ends before it begins") with
        {
            Label = $"did you mean {Quote(turned)}?",
            Fix = new Fix($"write {Quote(turned)}", span, turned),
        };

    public static Diagnostic MalformedMac(SourceSpan span, string text) =>
        Error(1309, span, $"{Quote(text)} is not a MAC address") with { Help = "write six bytes in hex, as \"02:00:00:00:00:01\"" };

    public static Diagnostic UnusableMac(SourceSpan span, string text, string reason) =>
        Error(1310, span, $"MAC address {Quote(text)} cannot be a next hop: it is {reason}") with { Help = "use the unicast address of the router's interface" };

    public static Diagnostic BackendIsVip(SourceSpan span, string address, string vip, SourceSpan vipAddress) =>
        Error(1311, span, $"backend address {Quote(address)} is an address of VIP {Quote(vip)}").With(vipAddress, "the VIP's address is here") with
        {
            Help = "packets would come back to the load balancer: give the backend an address of its own",
        };

    public static Diagnostic PrefixTooShort(SourceSpan span, string text, int shortest) =>
        Error(1312, span, $"prefix {Quote(text)} is too short") with { Help = $"it must be at least /{shortest}: every address in it must be the site's own" };

    public static Diagnostic ReservedInPrefix(SourceSpan span, string text, string range) =>
        Error(1313, span, $"prefix {Quote(text)} cannot be used: it overlaps {range}") with { Help = "use addresses that the network routes to the site" };
}
