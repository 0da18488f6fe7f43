using System.Net;
using System.Net.Sockets;
using Weir.Compiler.Binding;
using Weir.Compiler.Diagnostics;
using Weir.Compiler.Topologies;

namespace Weir.Compiler.Checks;

/// <summary>What NAT asks of hosts, VIPs and pools.</summary>
internal static class NatChecks
{
    private const int ShortestV4 = 26, ShortestV6 = 122;

    private static readonly AddressFamily[] Families = [AddressFamily.InterNetwork, AddressFamily.InterNetworkV6];

    public static void Check(BoundTopology topology, List<Diagnostic> diagnostics)
    {
        ILookup<string, BoundPool> used = ServedPools.BySite(topology);
        HashSet<BoundBackend> translated = new(ReferenceEqualityComparer.Instance);
        HashSet<SourceSpan> reported = [];
        foreach (BoundSite site in topology.Sites)
        {
            (BoundPool Pool, BoundBackend Backend)[] backends = [.. used[site.Name].SelectMany(p => p.Backends.Select(b => (p, b))).Where(b => ByNat(site, b.p, b.b))];
            translated.UnionWith(backends.Select(b => b.Backend));
            foreach (BoundHost host in site.Hosts)
            {
                CheckShape(host, diagnostics);
                NatSources.Check(topology, site, host, diagnostics);
                CheckUse(site, host, [.. backends.Select(b => b.Backend)], diagnostics);
            }

            CheckVips(topology, site, backends, reported, diagnostics);
        }

        foreach (BoundBackend backend in topology.Pools.SelectMany(p => p.Backends).Where(b => b.Port is not null && !translated.Contains(b)))
        {
            diagnostics.Add(Diagnose.UnusedBackendPort(backend.Port!.Value.Span, backend.Title));
        }
    }

    private static bool ByNat(BoundSite site, BoundPool pool, BoundBackend backend) =>
        EffectiveEncapsulation.TypeOf(EffectiveEncapsulation.Chain(site, pool, backend))?.Value == EncapsulationType.Nat;

    private static void CheckShape(BoundHost host, List<Diagnostic> diagnostics)
    {
        foreach (AddressFamily family in Families)
        {
            Located<IPNetwork>[] own = Of(host, family);
            int shortest = family == AddressFamily.InterNetwork ? ShortestV4 : ShortestV6;
            diagnostics.AddRange(own.Skip(1).Select(s => Diagnose.NatSourceTwice(s.Span, host.Name, ReservedRange.FamilyName(family), own[0].Span)));
            diagnostics.AddRange(own.Where(s => s.Value.PrefixLength < shortest).Select(s => Diagnose.NatSourceTooWide(s.Span, s.Value.ToString(), shortest)));
        }

        if (Of(host, AddressFamily.InterNetwork) is [var four] && Of(host, AddressFamily.InterNetworkV6) is [var six]
            && four.Value.PrefixLength >= ShortestV4 && six.Value.PrefixLength >= ShortestV6 && 32 - four.Value.PrefixLength != 128 - six.Value.PrefixLength)
        {
            diagnostics.Add(Diagnose.NatSourcesUneven(four.Span, host.Name, 1 << (32 - four.Value.PrefixLength), 1 << (128 - six.Value.PrefixLength)));
        }
    }

    private static void CheckUse(BoundSite site, BoundHost host, BoundBackend[] backends, List<Diagnostic> diagnostics)
    {
        if (backends.Length == 0 && host.NatSources is [var first, ..])
        {
            diagnostics.Add(Diagnose.UnusedNatSources(first.Span, host.Name));
        }

        foreach (AddressFamily family in Families)
        {
            if (Array.Find(backends, b => b.Address?.Value.AddressFamily == family) is { } backend && Of(host, family).Length == 0)
            {
                diagnostics.Add(Diagnose.NoNatSource(host.Span, host.Name, site.Name, ReservedRange.FamilyName(family), backend.Title, backend.Address!.Value.Span));
            }
        }
    }

    private static void CheckVips(BoundTopology topology, BoundSite site, (BoundPool Pool, BoundBackend Backend)[] backends, HashSet<SourceSpan> reported, List<Diagnostic> diagnostics)
    {
        BoundPool[] pools = [.. backends.Select(b => b.Pool).Distinct()];
        foreach (BoundPool pool in pools.Where(p => p.Quic is not null || p.TcpOption is not null).Where(p => reported.Add(p.Span)))
        {
            diagnostics.Add(Diagnose.NatWithServerIds(pool.Span, pool.Name, site.Name));
        }

        // Of a backend's family it is said with the site.
        HashSet<AddressFamily> missing = [.. Families.Where(f => EffectiveEncapsulation.NextHopOf(site, f) is null && !backends.Any(b => b.Backend.Address?.Value.AddressFamily == f))];
        foreach (BoundVip vip in topology.Vips)
        {
            if (vip.Sites.Where(s => s.Site.Value == site.Name).SelectMany(vip.PoolsAt).Select(n => Array.Find(pools, p => p.Name == n)).FirstOrDefault(p => p is not null) is not { } pool)
            {
                continue;
            }

            foreach (Located<PortRange> ports in vip.Ports.Where(p => p.Value is { First: 0, Last: ushort.MaxValue }).Where(p => reported.Add(p.Span)))
            {
                diagnostics.Add(Diagnose.NatWithAllPorts(ports.Span, PortText.Format(ports.Value), vip.Name, pool.Name));
            }

            AddressFamily[] clients = [.. vip.Addresses.Select(a => a.Value.AddressFamily).Concat(vip.Ranges.Select(r => r.Value.BaseAddress.AddressFamily)).Distinct()];
            foreach (AddressFamily family in clients.Where(missing.Remove).Where(_ => site.NextHops.All(n => n.Complete)))
            {
                diagnostics.Add(Diagnose.NoNextHopToClients(site.NextHops is [var hop, ..] ? hop.Span : site.Span, site.Name, ReservedRange.FamilyName(family), vip.Name, vip.Span));
            }
        }
    }

    private static Located<IPNetwork>[] Of(BoundHost host, AddressFamily family) => [.. host.NatSources.Where(s => s.Value.BaseAddress.AddressFamily == family)];
}
