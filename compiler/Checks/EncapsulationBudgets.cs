using System.Net.Sockets;
using Weir.Compiler.Binding;
using Weir.Compiler.Diagnostics;
using Weir.Compiler.Lowering;
using Weir.Compiler.Model;
using Weir.Compiler.Planning;
using Weir.Compiler.Topologies;

namespace Weir.Compiler.Checks;

/// <summary>What encapsulations ask of driver, path and tables: room in front of a packet, room in the MTU, and rows that can name them.</summary>
internal static class EncapsulationBudgets
{
    /// <summary>Some drivers leave this much in front of a packet (Linux leaves 256, of which 40 are the kernel's own).</summary>
    private const int Headroom = 192;

    /// <summary>RFC 8200, section 5: what every IPv6 link carries.</summary>
    private const int SmallestIpv6Mtu = 1280;

    public static void Check(BoundTopology topology, List<Diagnostic> diagnostics)
    {
        HashSet<SourceSpan> reported = [];
        ILookup<string, BoundPool> used = ServedPools.BySite(topology);
        foreach (BoundSite site in topology.Sites)
        {
            HashSet<(EncapsulationType, EncapsulationOptions)> kinds = [];
            HashSet<(AddressFamily, OuterSource)> sources = [];
            HashSet<string> six = [.. PoolsOfIpv6(topology, site)];
            foreach (BoundPool pool in used[site.Name])
            {
                foreach (BoundBackend backend in pool.Backends)
                {
                    IReadOnlyList<BoundEncapsulation> chain = EffectiveEncapsulation.Chain(site, pool, backend);
                    if (EffectiveEncapsulation.TypeOf(chain) is not { } type || !chain.All(e => e.Complete) || backend.Address is not { } address)
                    {
                        continue;
                    }

                    EncapsulationPlan plan = new(type.Value, null, null) { Options = EncapsulationKeys.Resolve(type.Value, EffectiveEncapsulation.OptionsOf(chain)) };
                    AddressFamily family = address.Value.AddressFamily;
                    kinds.Add((plan.Type, plan.Options));
                    if (EncapsulationKeys.HasSource(type.Value) && EffectiveEncapsulation.SourceOf(chain, family) is { } source)
                    {
                        sources.Add((family, source.Value));
                    }

                    int outer = OuterHeader.Overhead(plan, family == AddressFamily.InterNetworkV6);
                    if (outer > Headroom && plan.Options.GeneveOptions is { Length: > 2 * EncapsulationChecks.LongestGeneveOptions })
                    {
                        continue; // said already, with the place of the options
                    }

                    if (outer > Headroom && reported.Add(type.Span))
                    {
                        diagnostics.Add(Diagnose.NoHeadroom(type.Span, EncapsulationKeys.Name(type.Value), outer, Headroom, address.Span));
                    }
                    else if (six.Contains(pool.Name) && site.Mtu.Value - outer < SmallestIpv6Mtu && reported.Add(type.Span))
                    {
                        diagnostics.Add(Diagnose.NoRoomForIpv6(type.Span, EncapsulationKeys.Name(type.Value), outer, site.Name, site.Mtu.Value, SmallestIpv6Mtu, site.Mtu.Span.Line == 0 ? site.Span : site.Mtu.Span));
                    }
                }
            }

            if (kinds.Count > DeliveryKind.Limit)
            {
                diagnostics.Add(Diagnose.TooManyEncapsulations(site.Span, site.Name, kinds.Count, DeliveryKind.Limit));
            }

            if (sources.GroupBy(s => s.Item1).Select(g => g.Count()).DefaultIfEmpty().Max() is var most && most > OuterSources.Limit)
            {
                diagnostics.Add(Diagnose.TooManyOuterSources(site.Span, site.Name, most, OuterSources.Limit));
            }
        }
    }

    /// <summary>Names of the pools that IPv6 packets go to at the site.</summary>
    private static IEnumerable<string> PoolsOfIpv6(BoundTopology topology, BoundSite site) => topology.Vips
        .Where(v => v.Addresses.Any(a => a.Value.AddressFamily == AddressFamily.InterNetworkV6) || v.Ranges.Any(r => r.Value.BaseAddress.AddressFamily == AddressFamily.InterNetworkV6))
        .SelectMany(v => v.Sites.Where(s => s.Site.Value == site.Name).SelectMany(v.PoolsAt));
}
