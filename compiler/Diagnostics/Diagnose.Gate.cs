using System.Globalization;

namespace Weir.Compiler.Diagnostics;

/// <summary>16xx: what the gate refuses in a change. The message says what happens; the plan adds the override that would allow it.</summary>
public static partial class Diagnose
{
    /// <param name="active">Backends that took flows before.</param>
    /// <param name="allowed">Per cent.</param>
    public static Diagnostic TooManyLeave(SourceSpan span, string pool, int leaving, int active, int allowed) =>
        Error(1601, span, string.Create(CultureInfo.InvariantCulture, $"pool {Quote(pool)} loses {leaving} of its {Count(active, "active backend")} at once; its policy allows {allowed} %")) with
        {
            Help = "take them out in several changes, so that those left can take the load",
        };

    public static Diagnostic PoolLeftEmpty(SourceSpan span, string pool) =>
        Error(1602, span, $"pool {Quote(pool)} is left without an active backend: packets for its VIPs are dropped");

    public static Diagnostic VipWithdrawn(SourceSpan span, string vip) =>
        Error(1603, span, $"VIP {Quote(vip)} is withdrawn: its connections end, and new ones find nobody");

    public static Diagnostic VipLeavesSite(SourceSpan span, string vip, string site) =>
        Error(1604, span, $"VIP {Quote(vip)} is no longer served at site {Quote(site)}") with { Help = "make sure that no route leads its packets there any more" };

    public static Diagnostic ServiceWithdrawn(SourceSpan span, string vip, string services, string site) =>
        Error(1605, span, $"VIP {Quote(vip)} no longer serves {services} at site {Quote(site)}");

    public static Diagnostic SiteWithdrawn(SourceSpan span, string site, int vips) =>
        Error(1606, span, $"site {Quote(site)} is removed, which serves {Count(vips, "VIP")}");

    /// <param name="path">As <c>ipip, IPv6 in IPv4</c>.</param>
    public static Diagnostic TooSmallForIPv6(SourceSpan span, string site, string path, int inner, int least) =>
        Error(1607, span, string.Create(CultureInfo.InvariantCulture, $"at site {Quote(site)} packets of at most {inner} bytes fit ({path}); IPv6 needs {least}"));

    public static Diagnostic PathShrinks(SourceSpan span, string site, string path, int before, int after) =>
        Error(1608, span, string.Create(CultureInfo.InvariantCulture, $"at site {Quote(site)} the largest packet that fits shrinks from {before} to {after} bytes ({path})")) with
        {
            Help = "connections that use larger packets depend on path MTU discovery to go on",
        };

    /// <param name="bytes">As <c>1.5 MiB</c>.</param>
    public static Diagnostic MapsOverBudget(SourceSpan span, string site, string bytes, int cpus, string limit) =>
        Error(1609, span, string.Create(CultureInfo.InvariantCulture, $"maps of a host with {cpus} CPUs take {bytes} at site {Quote(site)}; `limits.mapMemory` is {limit}"));

    /// <param name="movedPpm">Millionths of the hash space.</param>
    /// <param name="allowed">Per cent.</param>
    public static Diagnostic TooMuchMoves(SourceSpan span, string vip, string site, int movedPpm, int allowed) =>
        Error(1610, span, string.Create(CultureInfo.InvariantCulture, $"{Percent(movedPpm)} of the flows of VIP {Quote(vip)} move at site {Quote(site)}; its policy allows {allowed} %"));

    /// <param name="path">As <c>pools.web</c>.</param>
    public static Diagnostic ProtectedRemoved(SourceSpan span, string path) =>
        Error(1611, span, $"{Quote(path)} is protected, and this change removes it") with { Help = "protection is read from the revision that is live: taking `protected` out in the same change does not lift it" };

    public static Diagnostic SeedChanged() =>
        Error(1612, SourceSpan.None, "the seed changes: every flow of every VIP is hashed anew and may get another backend");

    /// <param name="source">Where it is written: a commit, or the command line.</param>
    public static Diagnostic MalformedOverride(string text, string source) =>
        Warning(1650, SourceSpan.None, $"{Quote(text)} ({source}) is no override") with { Help = "write a code and an object, as WEIR1601 pools.web" };
}
