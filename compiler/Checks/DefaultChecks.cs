using System.Net.Sockets;
using Weir.Compiler.Binding;
using Weir.Compiler.Diagnostics;

namespace Weir.Compiler.Checks;

/// <summary>Defaults that nothing takes. A value knows where it is written, so a default is taken where an object's value is written at it.</summary>
internal static class DefaultChecks
{
    private static readonly AddressFamily[] Families = [AddressFamily.InterNetwork, AddressFamily.InterNetworkV6];

    public static void Check(BoundTopology topology, List<Diagnostic> diagnostics)
    {
        BoundDefaults defaults = topology.Defaults;
        HashSet<SourceSpan> taken = [.. TakenBySites(topology), .. TakenByOthers(topology), .. TakenOptions(topology)];
        IEnumerable<(string Key, SourceSpan? Span)> given =
        [
            ("encapsulation.type", defaults.Encapsulation?.Type?.Span),
            .. (defaults.Encapsulation?.Sources ?? []).Select(s => ("encapsulation.source", (SourceSpan?)s.Span)),
            .. (defaults.Encapsulation?.Options ?? []).Select(o => ($"encapsulation.{o.Key}", (SourceSpan?)o.Span)),
            ("nextHop.mac", defaults.NextHop?.Mac?.Span),
            .. (defaults.NextHop?.Gateways ?? []).Select(g => ("nextHop.gateway", (SourceSpan?)g.Span)),
            ("interface", defaults.Interface?.Span),
            ("mtu", defaults.Mtu?.Span),
            ("unmatched", defaults.Unmatched?.Span),
            ("limits.maxFlows", defaults.Limits.MaxFlows?.Span),
            ("limits.mapMemory", defaults.Limits.MapMemory?.Span),
            ("capacity", defaults.Capacity?.Span),
            ("prefer", defaults.Prefer?.Span),
            ("weight", defaults.Weight?.Span),
            .. defaults.Sites.Take(1).Select(s => ("sites", (SourceSpan?)s.Span)),
        ];
        diagnostics.AddRange(given.Where(g => g.Span is { } span && !taken.Contains(span)).Select(g => Diagnose.UnusedDefault(g.Span!.Value, g.Key)));
    }

    private static IEnumerable<SourceSpan> TakenBySites(BoundTopology topology)
    {
        foreach (BoundSite site in topology.Sites)
        {
            yield return site.Mtu.Span;
            yield return site.Unmatched.Span;
            yield return site.MaxFlows.Span;
            yield return site.MapMemory?.Span ?? SourceSpan.None;
            yield return EffectiveEncapsulation.TypeOf(site.Encapsulations)?.Span ?? SourceSpan.None;
            foreach (AddressFamily family in Families)
            {
                yield return EffectiveEncapsulation.SourceOf(site.Encapsulations, family)?.Span ?? SourceSpan.None;
                yield return EffectiveEncapsulation.NextHopOf(site, family)?.Span ?? SourceSpan.None;
            }

            foreach (BoundHost host in site.Hosts)
            {
                yield return host.Interface?.Span ?? SourceSpan.None;
            }
        }
    }

    /// <summary>Options of encapsulations that a site or a backend has.</summary>
    private static IEnumerable<SourceSpan> TakenOptions(BoundTopology topology)
    {
        if (topology.Defaults.Encapsulation is not { Options.Length: > 0 })
        {
            return [];
        }

        IEnumerable<IReadOnlyList<BoundEncapsulation>> backends =
            from site in topology.Sites
            from pool in topology.Pools
            from backend in pool.Backends
            select EffectiveEncapsulation.Chain(site, pool, backend);
        return topology.Sites.Select(site => (IReadOnlyList<BoundEncapsulation>)[.. site.Encapsulations]).Concat(backends)
            .SelectMany(chain => EffectiveEncapsulation.WithOptions(chain).SelectMany(said => said.Options).DistinctBy(option => option.Key))
            .Select(option => option.Span);
    }

    private static IEnumerable<SourceSpan> TakenByOthers(BoundTopology topology) =>
    [
        .. topology.Pools.Select(p => p.Capacity?.Span ?? SourceSpan.None),
        .. topology.Pools.Select(p => p.Prefer?.Span ?? SourceSpan.None),
        .. topology.Pools.SelectMany(p => p.Backends).Select(b => b.Weight.Span),
        .. topology.Vips.SelectMany(v => v.Sites).Select(s => s.Site.Span),
    ];
}
