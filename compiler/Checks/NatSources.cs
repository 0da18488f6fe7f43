using System.Net;
using Weir.Compiler.Binding;
using Weir.Compiler.Diagnostics;

namespace Weir.Compiler.Checks;

/// <summary>NAT sources are one host's alone: what comes to them is what backends answer.</summary>
internal static class NatSources
{
    public static void Check(BoundTopology topology, BoundSite site, BoundHost host, List<Diagnostic> diagnostics)
    {
        foreach (Located<IPNetwork> source in host.NatSources)
        {
            if (Taken(topology, site, host, source) is (string what, SourceSpan where))
            {
                diagnostics.Add(Diagnose.NatSourceTaken(source.Span, source.Value.ToString(), what, where));
            }
        }
    }

    private static (string What, SourceSpan Where)? Taken(BoundTopology topology, BoundSite site, BoundHost host, Located<IPNetwork> source)
    {
        IEnumerable<(string, SourceSpan, IPNetwork)> others =
        [
            .. topology.Vips.SelectMany(v => v.Addresses.Select(a => (Single(a.Value), a.Span)).Concat(v.Ranges.Select(r => (r.Value, r.Span))).Select(a => ($"an address of VIP `{v.Name}`", a.Span, a.Item1))),
            .. topology.Sites.SelectMany(s => s.Hosts.Select(h => (Site: s, Host: h))).TakeWhile(h => h.Host != host)
                .SelectMany(h => h.Host.NatSources.Select(o => ($"a NAT source of host `{h.Host.Name}`", o.Span, o.Value))),
            .. topology.Pools.SelectMany(p => p.Backends.Where(b => b.Address is not null).Select(b => ($"the address of backend `{b.Title}`", b.Address!.Value.Span, Single(b.Address.Value.Value)))),
            .. (site.Decapsulate?.Addresses ?? []).Select(a => ("a decapsulation address", a.Span, Single(a.Value))),
        ];
        return others.Where(o => Overlap(o.Item3, source.Value)).Select(o => ((string, SourceSpan)?)(o.Item1, o.Item2)).FirstOrDefault();
    }

    private static bool Overlap(IPNetwork a, IPNetwork b) => a.BaseAddress.AddressFamily == b.BaseAddress.AddressFamily && (a.Contains(b.BaseAddress) || b.Contains(a.BaseAddress));

    private static IPNetwork Single(IPAddress address) => new(address, AddressReader.BitsOf(address));
}
