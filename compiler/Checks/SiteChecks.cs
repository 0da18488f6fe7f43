using System.Net;
using System.Net.Sockets;
using System.Text;
using Weir.Compiler.Binding;
using Weir.Compiler.Diagnostics;
using Weir.Compiler.Topologies;

namespace Weir.Compiler.Checks;

/// <summary>What holds at a site: its encapsulation and next hops reach every backend it uses.</summary>
internal static class SiteChecks
{
    /// <summary>IFNAMSIZ less the terminating zero (Linux, include/uapi/linux/if.h).</summary>
    private const int LongestInterface = 15;

    private static readonly AddressFamily[] Families = [AddressFamily.InterNetwork, AddressFamily.InterNetworkV6];

    public static void Check(BoundTopology topology, List<Diagnostic> diagnostics)
    {
        ILookup<string, BoundPool> used = ServedPools.BySite(topology);
        CheckFamilies(topology, diagnostics);
        foreach (BoundSite site in topology.Sites)
        {
            CheckInterfaces(site, diagnostics);
            CheckReach(site, [.. used[site.Name]], diagnostics);
        }
    }

    /// <summary>No place gives two addresses of a family.</summary>
    private static void CheckFamilies(BoundTopology topology, List<Diagnostic> diagnostics)
    {
        foreach (BoundEncapsulation encapsulation in topology.Encapsulations().DistinctBy(e => e.Span))
        {
            CheckFamilies(encapsulation.Sources.Select(s => new Located<IPAddress>(s.Value.Address, s.Span)), diagnostics);
        }

        foreach (BoundNextHop nextHop in topology.Sites.SelectMany(s => s.NextHops).Append(topology.Defaults.NextHop).OfType<BoundNextHop>().DistinctBy(n => n.Span))
        {
            CheckFamilies(nextHop.Gateways, diagnostics);
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
        foreach (AddressFamily family in Families)
        {
            (BoundPool Pool, BoundBackend Backend)[] backends =
                [.. pools.SelectMany(p => p.Backends.Select(b => (p, b))).Where(b => b.b.Address?.Value.AddressFamily == family)];
            string familyName = ReservedRange.FamilyName(family);
            (BoundPool Pool, BoundBackend Backend) without = Array.Find(backends, b => LacksSource(EffectiveEncapsulation.Chain(site, b.Pool, b.Backend), family));
            if (site.Encapsulations is [var encapsulation, ..] && without.Backend is { } sourceless)
            {
                SourceSpan span = encapsulation.Sources is [var first, ..] ? first.Span : encapsulation.Span;
                diagnostics.Add(Diagnose.NoOuterSource(span, site.Name, familyName, sourceless.Title, sourceless.Address!.Value.Span).Also(encapsulation.UsedAt, "the site is here"));
            }

            bool own = EffectiveEncapsulation.TypeOf(site.Encapsulations)?.Value is EncapsulationType.L2 or EncapsulationType.Local;
            if ((own || site.NextHops.Length > 0) && Array.Find(backends, b => Routed(EffectiveEncapsulation.Chain(site, b.Pool, b.Backend))).Backend is { } any
                && site.NextHops.All(n => n.Complete) && EffectiveEncapsulation.NextHopOf(site, family) is null)
            {
                SourceSpan span = site.NextHops is not [var nextHop, ..] ? site.Span : nextHop.Gateways is [var first, ..] ? first.Span : nextHop.Span;
                diagnostics.Add(Diagnose.NoNextHop(span, site.Name, familyName, any.Title, any.Address!.Value.Span).Also(site.NextHops.FirstOrDefault()?.UsedAt, "the site is here"));
            }
        }
    }

    private static bool LacksSource(IReadOnlyList<BoundEncapsulation> chain, AddressFamily family) =>
        chain.All(e => e.Complete) && EffectiveEncapsulation.SourceOf(chain, family) is null
        && (EffectiveEncapsulation.TypeOf(chain) is not { } type || EncapsulationKeys.HasSource(type.Value));

    /// <summary>Whether its packets go by the site's next hop, and not to the backend itself.</summary>
    private static bool Routed(IReadOnlyList<BoundEncapsulation> chain) =>
        EffectiveEncapsulation.TypeOf(chain)?.Value is not (EncapsulationType.L2 or EncapsulationType.Local);

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
