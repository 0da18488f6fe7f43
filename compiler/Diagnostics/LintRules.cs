using System.Collections.Immutable;

namespace Weir.Compiler.Diagnostics;

/// <summary>What a topology may say of a rule below <c>lint</c>.</summary>
public enum LintLevel
{
    Off,
    Warning,
    Error,
}

/// <summary>A finding that is advice: its level is the topology's to choose, and a comment can disable it at one place.</summary>
/// <param name="Code">Of the finding.</param>
/// <param name="Level">Where the topology says nothing.</param>
public sealed record LintRule(string Name, string Code, LintLevel Level, string Summary);

/// <summary>The table of lint rules, by code.</summary>
public static class LintRules
{
    /// <summary>The rule about comments that hide nothing.</summary>
    public const string UnusedDisable = "unused-disable";

    public static ImmutableArray<LintRule> All { get; } =
    [
        new("ignored-file", "WEIR1004", LintLevel.Warning, "A file that looks like a part of the topology is not read."),
        new("unused-default", "WEIR1121", LintLevel.Warning, "Everything that could take a default says otherwise."),
        new("unused-pool", "WEIR1203", LintLevel.Warning, "No VIP uses the pool."),
        new("unused-site", "WEIR1204", LintLevel.Warning, "No VIP is served at the site."),
        new("unused-port-set", "WEIR1221", LintLevel.Warning, "No VIP names the port set."),
        new("unserved-override", "WEIR1223", LintLevel.Warning, "A pool says something of a site where no VIP uses it."),
        new("denied-route", "WEIR1235", LintLevel.Warning, "A route is for sources that may not use the VIP."),
        new("family-denied", "WEIR1236", LintLevel.Warning, "A VIP allows no source of one of its address families."),
        new("foreign-source", "WEIR1237", LintLevel.Warning, "A source is of a family that the VIP does not have."),
        new("unused-server-id", "WEIR1253", LintLevel.Warning, "A backend has a server id, but its pool has neither connection ids nor a TCP option."),
        new("quic-by-hash", "WEIR1254", LintLevel.Warning, "A VIP serves QUIC, but its pool has no connection ids."),
        new("all-drained", "WEIR1403", LintLevel.Warning, "No backend of the pool takes new flows."),
        new("ring-too-small", "WEIR1407", LintLevel.Warning, "The weights of the pool lie too far apart for its ring."),
        new("ring-too-coarse", "WEIR1430", LintLevel.Warning, "Shares of the pool's rendezvous ring stray far from the weights."),
        new("nothing-preferred", "WEIR1421", LintLevel.Warning, "No backend is what its pool prefers at a site."),
        new("all-down", "WEIR1422", LintLevel.Warning, "No backend of the pool takes any packet."),
        new("single-backend", "WEIR1701", LintLevel.Warning, "One backend alone takes the new flows of a pool."),
        new("weight-skew", "WEIR1702", LintLevel.Warning, "A backend weighs more than ten times the median of its pool."),
        new("mtu-margin", "WEIR1703", LintLevel.Off, "Packets of 1,500 bytes do not fit into the site's MTU with their outer header."),
        new("zero-weight-backend", "WEIR1704", LintLevel.Off, "An active backend has weight 0."),
        new("single-host", "WEIR1705", LintLevel.Off, "A site has a single load balancer."),
        new(UnusedDisable, "WEIR1754", LintLevel.Warning, "A comment disables a rule that finds nothing there."),
    ];

    private static readonly ImmutableDictionary<string, LintRule> ByName = All.ToImmutableDictionary(r => r.Name, StringComparer.Ordinal);
    private static readonly ImmutableDictionary<string, LintRule> ByCode = All.ToImmutableDictionary(r => r.Code, StringComparer.Ordinal);

    /// <summary>The rule of this name, or of this code in any case; null when it is neither.</summary>
    public static LintRule? Find(string nameOrCode) => ByName.GetValueOrDefault(nameOrCode) ?? ByCode.GetValueOrDefault(nameOrCode.ToUpperInvariant());

    /// <summary>The rule that a finding of this code belongs to; null when it is no lint.</summary>
    public static LintRule? OfCode(string code) => ByCode.GetValueOrDefault(code);
}
