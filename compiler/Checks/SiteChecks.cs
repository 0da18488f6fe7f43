using System.Net;
using System.Net.Sockets;
using System.Text;
using Weir.Compiler.Binding;
using Weir.Compiler.Diagnostics;

namespace Weir.Compiler.Checks;

/// <summary>What holds at a site: its encapsulation and next hops reach every backend it uses.</summary>
internal static class SiteChecks
{
    /// <summary>IFNAMSIZ less the terminating zero (Linux, include/uapi/linux/if.h).</summary>
    private const int LongestInterface = 15;

    public static void Check(BoundTopology topology, List<Diagnostic> diagnostics)
    {
        Dictionary<string, BoundPool> pools = topology.Pools.ToDictionary(p => p.Name, StringComparer.Ordinal);
        ILookup<string, BoundPool> used = topology.Vips
            .Where(v => v.Pool is not null && pools.ContainsKey(v.Pool.Value.Value))
            .SelectMany(v => v.Sites.Select(s => (Site: s.Value, Pool: pools[v.Pool!.Value.Value])))
            .Distinct()
            .ToLookup(u => u.Site, u => u.Pool, StringComparer.Ordinal);
        foreach (BoundSite site in topology.Sites)
        {
            CheckInterfaces(site, diagnostics);
            CheckFamilies(site.Sources.Select(s => new Located<IPAddress>(s.Value.Address, s.Span)), diagnostics);
            CheckFamilies(site.Gateways, diagnostics);
            CheckReach(site, [.. used[site.Name]], diagnostics);
        }
    }

    private static void CheckFamilies(IEnumerable<Located<IPAddress>> addresses, List<Diagnostic> diagnostics)
    {
        Dictionary<AddressFamily, SourceSpan> seen = [];
        foreach (Located<IPAddress> address in addresses)
        {
            AddressFamily family = address.Value.AddressFamily;
            if (!seen.TryAdd(family, address.Span))
            {
                diagnostics.Add(Diagnose.SeveralOfFamily(address.Span, ReservedRange.FamilyName(family), seen[family]));
            }
        }
    }

    private static void CheckReach(BoundSite site, List<BoundPool> pools, List<Diagnostic> diagnostics)
    {
        foreach (AddressFamily family in new[] { AddressFamily.InterNetwork, AddressFamily.InterNetworkV6 })
        {
            BoundBackend? backend = pools
                .OrderBy(p => p.Name, StringComparer.Ordinal)
                .SelectMany(p => p.Backends)
                .FirstOrDefault(b => b.Address?.Value.AddressFamily == family);
            if (backend is not { Address: { } address })
            {
                continue;
            }

            string name = backend.Name?.Value ?? address.Value.ToString();
            string familyName = ReservedRange.FamilyName(family);
            if (site is { Encapsulation: { } encapsulation, SourcesKnown: true } && site.Sources.All(s => s.Value.Address.AddressFamily != family))
            {
                SourceSpan span = site.Sources is [var first, ..] ? first.Span : encapsulation;
                diagnostics.Add(Diagnose.NoOuterSource(span, site.Name, familyName, name, address.Span));
            }

            if (site is { NextHop: { } nextHop, NextHopsKnown: true, Mac: null } && site.Gateways.All(g => g.Value.AddressFamily != family))
            {
                SourceSpan span = site.Gateways is [var first, ..] ? first.Span : nextHop;
                diagnostics.Add(Diagnose.NoNextHop(span, site.Name, familyName, name, address.Span));
            }
        }
    }

    private static void CheckInterfaces(BoundSite site, List<Diagnostic> diagnostics)
    {
        foreach (BoundHost host in site.Hosts)
        {
            if (host.Interface is not { } device)
            {
                continue;
            }

            string name = device.Value;
            string? reason =
                name.Length == 0 ? "it is empty"
                : Encoding.UTF8.GetByteCount(name) > LongestInterface ? "it is longer than 15 bytes"
                : name is "." or ".." ? "the kernel refuses it"
                : name.Any(c => char.IsWhiteSpace(c) || char.IsControl(c) || c is '/' or ':' or '%') ? "it has a character that the kernel refuses"
                : null;
            if (reason is not null)
            {
                diagnostics.Add(Diagnose.InvalidInterface(device.Span, name, reason));
            }
        }
    }
}
