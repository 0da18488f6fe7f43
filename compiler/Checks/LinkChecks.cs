using System.Collections.Immutable;
using System.Net;
using Weir.Compiler.Binding;
using Weir.Compiler.Diagnostics;
using Weir.Compiler.Topologies;

namespace Weir.Compiler.Checks;

/// <summary>What holds on a site's own link: backends that only a MAC leads to are on it, and what is decapsulated comes from somebody and leads to no loop.</summary>
internal static class LinkChecks
{
    public static void Check(BoundTopology topology, List<Diagnostic> diagnostics)
    {
        ILookup<string, BoundPool> used = ServedPools.BySite(topology);
        HashSet<BoundBackend> addressed = new(ReferenceEqualityComparer.Instance);
        foreach (BoundSite site in topology.Sites)
        {
            (BoundPool Pool, BoundBackend Backend)[] backends = [.. used[site.Name].SelectMany(p => p.Backends.Select(b => (p, b)))];
            foreach ((BoundPool pool, BoundBackend backend) in backends.Where(b => EffectiveEncapsulation.TypeOf(EffectiveEncapsulation.Chain(site, b.Pool, b.Backend))?.Value == EncapsulationType.L2))
            {
                addressed.Add(backend);
                if (backend.Address is { } address && !site.Segments.Any(s => s.Value.Contains(address.Value)))
                {
                    diagnostics.Add(Diagnose.BackendBeyondSegments(address.Span, backend.Title, site.Name, pool.Name, site.Segments is [var first, ..] ? first.Span : site.Span));
                }
            }

            if (site.Decapsulate is { } decapsulation)
            {
                CheckDecapsulation(topology, site, decapsulation, [.. backends.Select(b => b.Backend)], diagnostics);
            }
        }

        foreach (BoundBackend backend in topology.Pools.SelectMany(p => p.Backends).Where(b => b.Mac is not null && !addressed.Contains(b)))
        {
            diagnostics.Add(Diagnose.UnusedMac(backend.Mac!.Value.Span, backend.Title));
        }
    }

    private static void CheckDecapsulation(BoundTopology topology, BoundSite site, BoundDecapsulation decapsulation, ImmutableArray<BoundBackend> backends, List<Diagnostic> diagnostics)
    {
        foreach (Located<IPAddress> address in decapsulation.Addresses)
        {
            if (topology.Vips.FirstOrDefault(v => v.Sites.Any(s => s.Site.Value == site.Name) && Holds(v, address.Value)) is { } vip)
            {
                diagnostics.Add(Diagnose.DecapsulationAtVip(address.Span, address.Value.ToString(), vip.Name, vip.Span));
            }

            if (backends.FirstOrDefault(b => b.Address?.Value.Equals(address.Value) == true) is { } backend)
            {
                diagnostics.Add(Diagnose.DecapsulationAtBackend(address.Span, address.Value.ToString(), site.Name, backend.Title, backend.Address!.Value.Span));
            }

            if (decapsulation.Complete && !decapsulation.From.Any(f => f.Value.BaseAddress.AddressFamily == address.Value.AddressFamily))
            {
                diagnostics.Add(Diagnose.NobodyMaySend(address.Span, address.Value.ToString(), ReservedRange.FamilyName(address.Value.AddressFamily)));
            }
        }
    }

    private static bool Holds(BoundVip vip, IPAddress address) => vip.Addresses.Any(a => a.Value.Equals(address)) || vip.Ranges.Any(r => r.Value.Contains(address));
}
