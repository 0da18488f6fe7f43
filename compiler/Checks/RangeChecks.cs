using System.Net;
using Weir.Compiler.Binding;
using Weir.Compiler.Diagnostics;
using Weir.Compiler.Topologies;

namespace Weir.Compiler.Checks;

/// <summary>What holds between the addresses of VIPs and those of everything else: a packet that we send must not come back to us.</summary>
internal static class RangeChecks
{
    public static void Check(BoundTopology topology, List<Diagnostic> diagnostics)
    {
        PrefixIndex<(string Vip, SourceSpan Span)> vips = new();
        foreach (BoundVip vip in topology.Vips)
        {
            CheckWithin(vip, diagnostics);
            foreach ((Prefix prefix, string _, SourceSpan span, SourceSpan? _) in AddressesOf(vip))
            {
                vips.Add(prefix, (vip.Name, span));
            }
        }

        foreach (Located<IPAddress> address in topology.Pools.SelectMany(p => p.Backends).Select(b => b.Address).OfType<Located<IPAddress>>())
        {
            Report(Prefix.Of(address.Value), address.Span, address.Value.ToString(), Diagnose.BackendIsVip);
        }

        foreach (Located<IPAddress> gateway in topology.Sites.SelectMany(s => s.NextHops).SelectMany(n => n.Gateways).DistinctBy(g => g.Span))
        {
            Report(Prefix.Of(gateway.Value), gateway.Span, gateway.Value.ToString(), Diagnose.NextHopIsVip);
        }

        foreach (Located<OuterSource> source in topology.Encapsulations().SelectMany(e => e.Sources).DistinctBy(s => s.Span))
        {
            Report(Prefix.Of(source.Value.Address, source.Value.PrefixLength), source.Span, AddressText.OfSource(source.Value)!, Diagnose.SourceIsVip);
        }

        void Report(Prefix prefix, SourceSpan span, string text, Func<SourceSpan, string, string, SourceSpan, Diagnostic> finding)
        {
            foreach ((Prefix _, (string vip, SourceSpan at)) in vips.Overlapping(prefix).Take(1))
            {
                diagnostics.Add(finding(span, text, vip, at));
            }
        }
    }

    /// <summary>Single addresses and ranges alike.</summary>
    public static IEnumerable<(Prefix Prefix, string Text, SourceSpan Span, SourceSpan? UsedAt)> AddressesOf(BoundVip vip) =>
    [
        .. vip.Addresses.Select(a => (Prefix.Of(a.Value), a.Value.ToString(), a.Span, a.UsedAt)),
        .. vip.Ranges.Select(r => (Prefix.Of(r.Value.BaseAddress, r.Value.PrefixLength), r.Value.ToString(), r.Span, r.UsedAt)),
    ];

    private static void CheckWithin(BoundVip vip, List<Diagnostic> diagnostics)
    {
        if (vip.Addresses.Length + vip.Ranges.Length < 2)
        {
            return;
        }

        PrefixIndex<(string Text, SourceSpan Span)> ranges = new();
        Dictionary<Prefix, SourceSpan> seen = [];
        foreach ((Prefix prefix, string text, SourceSpan span, SourceSpan? usedAt) in AddressesOf(vip))
        {
            if (!seen.TryAdd(prefix, span))
            {
                diagnostics.Add(Diagnose.DuplicateVipAddress(span, text, seen[prefix]).UsedAt(usedAt));
            }
            else if (!prefix.IsSingle)
            {
                ranges.Add(prefix, (text, span));
            }
        }

        foreach ((Prefix prefix, string text, SourceSpan span, SourceSpan? usedAt) in AddressesOf(vip))
        {
            foreach ((Prefix _, (string range, SourceSpan at)) in ranges.Containing(prefix).Where(r => r.Prefix != prefix).Take(1))
            {
                diagnostics.Add(Diagnose.AddressInRange(span, text, range, at).UsedAt(usedAt));
            }
        }
    }
}
