using System.Runtime.InteropServices;
using Weir.Compiler.Binding;
using Weir.Compiler.Diagnostics;
using Weir.Compiler.Topologies;

namespace Weir.Compiler.Checks;

/// <summary>What holds within a VIP's ports and between VIPs: an address, protocol and port mean one VIP at a site.</summary>
internal static class VipChecks
{
    public static void Check(BoundTopology topology, List<Diagnostic> diagnostics)
    {
        foreach (BoundPortSet set in topology.PortSets)
        {
            CheckPorts(set.Ports, Diagnose.PortSetOverlap, diagnostics);
        }

        foreach (BoundVip vip in topology.Vips)
        {
            CheckPorts(vip.Ports, Diagnose.DuplicatePorts, diagnostics);
        }

        CheckOverlaps(topology, diagnostics);
    }

    private static void CheckPorts(
        IEnumerable<Located<PortRange>> all,
        Func<SourceSpan, string, SourceSpan, Diagnostic> finding,
        List<Diagnostic> diagnostics)
    {
        Located<PortRange>? widest = null;
        foreach (Located<PortRange> ports in all.OrderBy(p => p.Value.Protocol).ThenBy(p => p.Value.First))
        {
            // What overlaps within a set is the set's matter.
            if (widest is { } before && Overlap(before.Value, ports.Value) && (before.Place != ports.Place || before.UsedAt is null))
            {
                // The later of the two in the file is the one to change.
                (Located<PortRange> first, Located<PortRange> second) = IsBefore(ports.Place, before.Place) ? (ports, before) : (before, ports);
                diagnostics.Add(finding(second.Place, PortText.Format(second.Value), first.Place)
                    .Also(second.Span, "written here").Also(first.Span, "written here"));
            }

            if (widest is null || widest.Value.Value.Protocol != ports.Value.Protocol || widest.Value.Value.Last < ports.Value.Last)
            {
                widest = ports;
            }
        }
    }

    private static void CheckOverlaps(BoundTopology topology, List<Diagnostic> diagnostics)
    {
        Dictionary<string, PrefixIndex<Served>> serving = new(StringComparer.Ordinal);
        Dictionary<(string Site, Prefix Prefix), Served> contended = [];
        foreach (BoundVip vip in topology.Vips)
        {
            foreach (string site in vip.Sites.Select(s => s.Site.Value).Distinct(StringComparer.Ordinal))
            {
                ref PrefixIndex<Served>? index = ref CollectionsMarshal.GetValueRefOrAddDefault(serving, site, out _);
                index ??= new PrefixIndex<Served>();
                foreach ((Prefix prefix, string text, SourceSpan span, SourceSpan? usedAt) in RangeChecks.AddressesOf(vip).DistinctBy(a => a.Prefix))
                {
                    Served served = new(vip, text, usedAt ?? span);
                    index.Add(prefix, served);
                    contended.TryAdd((site, prefix), served);
                }
            }
        }

        // Two VIPs may meet at several sites and addresses: that is one finding.
        HashSet<(SourceSpan, SourceSpan)> reported = [];
        foreach (((string site, Prefix prefix), Served served) in contended
            .OrderBy(s => s.Key.Site, StringComparer.Ordinal)
            .ThenBy(s => s.Value.Address, StringComparer.Ordinal))
        {
            Served[] there = [.. serving[site].Containing(prefix).Select(c => c.Value).DistinctBy(c => c.Vip)];
            foreach ((Claim first, Claim second) in there.Length < 2 ? [] : Overlaps(there))
            {
                if (reported.Add((first.Ports.Place, second.Ports.Place)))
                {
                    diagnostics.Add(Explain(first, second, served.Address, site));
                }
            }
        }
    }

    private static Diagnostic Explain(Claim first, Claim second, string address, string site)
    {
        Diagnostic finding = Diagnose.OverlappingVips(
            second.Ports.Place, second.Served.Vip.Name, PortText.Format(second.Ports.Value), address, site, first.Served.Vip.Name, first.Ports.Place)
            .Also(second.Ports.Span, "these ports are written here")
            .Also(first.Ports.Span, "these ports are written here");
        return new[] { first.Served, second.Served }
            .Where(s => s.Address.Contains('/', StringComparison.Ordinal))
            .Aggregate(finding, (f, s) => f.Also(s.Span, $"`{s.Address}` is a range of `{s.Vip.Name}`"));
    }

    /// <summary>Neighbours that overlap, by a sweep over the intervals' beginnings: at least one finding for each interval that is in conflict.</summary>
    private static IEnumerable<(Claim First, Claim Second)> Overlaps(Served[] there)
    {
        Claim? widest = null;
        foreach (Claim next in there
            .SelectMany(served => served.Vip.Ports.Select(ports => new Claim(served, ports)))
            .OrderBy(s => s.Ports.Value.Protocol)
            .ThenBy(s => s.Ports.Value.First)
            .ThenBy(s => s.Served.Vip.Name, StringComparer.Ordinal))
        {
            if (widest is { } before && before.Served.Vip != next.Served.Vip && Overlap(before.Ports.Value, next.Ports.Value))
            {
                yield return IsBefore(next.Ports.Place, before.Ports.Place) ? (next, before) : (before, next);
            }

            if (widest is null || widest.Ports.Value.Protocol != next.Ports.Value.Protocol || widest.Ports.Value.Last < next.Ports.Value.Last)
            {
                widest = next;
            }
        }
    }

    private static bool Overlap(PortRange a, PortRange b) => a.Protocol == b.Protocol && a.First <= b.Last && b.First <= a.Last;

    private static bool IsBefore(SourceSpan a, SourceSpan b) =>
        (string.CompareOrdinal(a.File, b.File), a.Line, a.Column).CompareTo((0, b.Line, b.Column)) < 0;

    /// <param name="Address">An address or a range, as text.</param>
    private sealed record Served(BoundVip Vip, string Address, SourceSpan Span);

    private sealed record Claim(Served Served, Located<PortRange> Ports);
}
