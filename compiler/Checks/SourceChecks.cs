using System.Collections.Immutable;
using System.Net;
using System.Net.Sockets;
using Weir.Compiler.Binding;
using Weir.Compiler.Diagnostics;
using Weir.Compiler.Lookup;
using Weir.Compiler.Topologies;

namespace Weir.Compiler.Checks;

/// <summary>What holds within a VIP's source lists and routes, and how many of them there are.</summary>
internal static class SourceChecks
{
    public static void Check(BoundTopology topology, List<Diagnostic> diagnostics)
    {
        foreach (BoundVip vip in topology.Vips.Where(SaysSomething))
        {
            CheckCounts(vip, diagnostics);
            Dictionary<IPNetwork, SourceSpan> allowed = CheckList(vip.Sources.Allow, "allow", diagnostics);
            CheckList(vip.Sources.Deny, "deny", diagnostics);
            diagnostics.AddRange(vip.Sources.Deny.DistinctBy(s => s.Value).Where(s => allowed.ContainsKey(s.Value))
                .Select(s => Diagnose.ContradictorySource(s.Span, vip.Name, s.Value.ToString(), allowed[s.Value]).UsedAt(s.UsedAt)));
            CheckRoutes(vip, diagnostics);
            CheckFamilies(vip, diagnostics);
        }

        CheckSites(topology, diagnostics);
    }

    private static bool SaysSomething(BoundVip vip) => !(vip.Sources.Allow.IsEmpty && vip.Sources.Deny.IsEmpty && vip.Routes.IsEmpty);

    private static void CheckCounts(BoundVip vip, List<Diagnostic> diagnostics)
    {
        (string Name, SourceSpan? Key, int Count)[] lists =
        [
            ("allow", vip.Sources.AllowKey, vip.Sources.Allow.Length),
            ("deny", vip.Sources.DenyKey, vip.Sources.Deny.Length),
            ("routes", vip.Span, vip.Routes.Length),
        ];
        diagnostics.AddRange(lists.Where(l => l.Count > SourceLists.MostPrefixes)
            .Select(l => Diagnose.TooManySources(l.Key ?? vip.Span, vip.Name, l.Name, l.Count, SourceLists.MostPrefixes)));
    }

    private static Dictionary<IPNetwork, SourceSpan> CheckList(ImmutableArray<Located<IPNetwork>> list, string name, List<Diagnostic> diagnostics)
    {
        Dictionary<IPNetwork, SourceSpan> seen = [];
        foreach (Located<IPNetwork> source in list)
        {
            if (!seen.TryAdd(source.Value, source.Span))
            {
                diagnostics.Add(Diagnose.DuplicateSource(source.Span, source.Value.ToString(), name, seen[source.Value]).UsedAt(source.UsedAt));
            }
        }

        return seen;
    }

    private static void CheckRoutes(BoundVip vip, List<Diagnostic> diagnostics)
    {
        Dictionary<IPNetwork, SourceSpan> seen = [];
        SourceLists lists = new([.. vip.Sources.Allow.Select(s => s.Value)], [.. vip.Sources.Deny.Select(s => s.Value)]);
        ImmutableArray<SourceInterval>[] admitted = [SourceIntervals.Of(lists, [], isV6: false), SourceIntervals.Of(lists, [], isV6: true)];
        foreach (Located<IPNetwork> source in vip.Routes.Select(r => r.Source))
        {
            if (!seen.TryAdd(source.Value, source.Span))
            {
                diagnostics.Add(Diagnose.DuplicateRoute(source.Span, vip.Name, source.Value.ToString(), seen[source.Value]).UsedAt(source.UsedAt));
            }
            else if (IsDenied(admitted[SourceIntervals.IsV6(source.Value) ? 1 : 0], source.Value))
            {
                diagnostics.Add(Diagnose.DeniedRoute(source.Span, vip.Name, source.Value.ToString()).UsedAt(source.UsedAt));
            }
        }
    }

    /// <summary>Neighbouring intervals differ, so all of a prefix is denied if the interval of its first address is and reaches behind its last.</summary>
    private static bool IsDenied(ImmutableArray<SourceInterval> intervals, IPNetwork prefix)
    {
        (UInt128 first, UInt128 last) = SourceIntervals.Edges(prefix);
        int at = intervals.BinarySearch(new SourceInterval(first, 0), Comparer<SourceInterval>.Create((a, b) => a.First.CompareTo(b.First)));
        at = at < 0 ? ~at - 1 : at;
        return intervals[at].Pool == SourceIntervals.Denied && (at + 1 == intervals.Length || intervals[at + 1].First > last);
    }

    private static void CheckFamilies(BoundVip vip, List<Diagnostic> diagnostics)
    {
        HashSet<AddressFamily> families = [.. vip.Addresses.Select(a => a.Value.AddressFamily), .. vip.Ranges.Select(r => r.Value.BaseAddress.AddressFamily)];
        if (families.Count == 0)
        {
            return;
        }

        diagnostics.AddRange(vip.Sources.Allow.Concat(vip.Sources.Deny).Concat(vip.Routes.Select(r => r.Source))
            .Where(s => !families.Contains(s.Value.BaseAddress.AddressFamily)).DistinctBy(s => s.Span)
            .Select(s => Diagnose.ForeignSource(s.Span, vip.Name, s.Value.ToString(), ReservedRange.FamilyName(s.Value.BaseAddress.AddressFamily)).UsedAt(s.UsedAt)));
        if (!vip.Sources.Allow.IsEmpty)
        {
            diagnostics.AddRange(families.Where(f => vip.Sources.Allow.All(s => s.Value.BaseAddress.AddressFamily != f)).Order()
                .Select(f => Diagnose.FamilyDenied(vip.Sources.AllowKey ?? vip.Span, vip.Name, ReservedRange.FamilyName(f))));
        }
    }

    private static void CheckSites(BoundTopology topology, List<Diagnostic> diagnostics)
    {
        ILookup<string, BoundVip> bySite = topology.Vips.Where(SaysSomething)
            .SelectMany(v => v.Sites.Select(s => (Site: s.Site.Value, Vip: v))).Distinct().ToLookup(p => p.Site, p => p.Vip, StringComparer.Ordinal);
        foreach (BoundSite site in topology.Sites)
        {
            int Prefixes(BoundVip vip) => vip.Sources.Allow.Length + vip.Sources.Deny.Length + vip.Routes.Length;
            if (bySite[site.Name].Sum(v => (long)Prefixes(v)) <= SourceLists.MostAtSite)
            {
                continue;
            }

            long all = bySite[site.Name].DistinctBy(Text, StringComparer.Ordinal).Sum(v => (long)Prefixes(v));
            if (all > SourceLists.MostAtSite)
            {
                diagnostics.Add(Diagnose.TooManySourcesAtSite(site.Span, site.Name, (int)Math.Min(all, int.MaxValue), SourceLists.MostAtSite));
            }
        }
    }

    private static string Text(BoundVip vip) => string.Join(
        ' ',
        vip.Sources.Allow.Select(s => $"+{s.Value}").Concat(vip.Sources.Deny.Select(s => $"-{s.Value}")).Concat(vip.Routes.Select(r => $"{r.Source.Value}>{r.Pool?.Value}")));
}
