using System.Net;
using Weir.Compiler.Binding;
using Weir.Compiler.Diagnostics;
using Weir.Compiler.Topologies;

namespace Weir.Compiler.Checks;

/// <summary>What holds within a VIP and between VIPs: an address, protocol and port mean one VIP at a site.</summary>
internal static class VipChecks
{
    public static void Check(BoundTopology topology, List<Diagnostic> diagnostics)
    {
        foreach (BoundVip vip in topology.Vips)
        {
            CheckAddresses(vip, diagnostics);
            CheckPorts(vip, diagnostics);
        }

        CheckOverlaps(topology, diagnostics);
        CheckBackends(topology, diagnostics);
    }

    private static void CheckAddresses(BoundVip vip, List<Diagnostic> diagnostics)
    {
        Dictionary<IPAddress, SourceSpan> seen = [];
        foreach (Located<IPAddress> address in vip.Addresses)
        {
            if (!seen.TryAdd(address.Value, address.Span))
            {
                diagnostics.Add(Diagnose.DuplicateVipAddress(address.Span, address.Value.ToString(), seen[address.Value]));
            }
        }
    }

    private static void CheckPorts(BoundVip vip, List<Diagnostic> diagnostics)
    {
        Located<PortRange>? widest = null;
        foreach (Located<PortRange> ports in vip.Ports.OrderBy(p => p.Value.Protocol).ThenBy(p => p.Value.First))
        {
            if (widest is { } before && Overlap(before.Value, ports.Value))
            {
                // The later of the two in the file is the one to change.
                (Located<PortRange> first, Located<PortRange> second) = IsBefore(ports.Span, before.Span) ? (ports, before) : (before, ports);
                diagnostics.Add(Diagnose.DuplicatePorts(second.Span, PortText.Format(second.Value), first.Span));
            }

            if (widest is null || widest.Value.Value.Protocol != ports.Value.Protocol || widest.Value.Value.Last < ports.Value.Last)
            {
                widest = ports;
            }
        }
    }

    private static void CheckOverlaps(BoundTopology topology, List<Diagnostic> diagnostics)
    {
        Dictionary<(string Site, IPAddress Address), List<BoundVip>> serving = [];
        foreach (BoundVip vip in topology.Vips)
        {
            foreach (string site in vip.Sites.Select(s => s.Site.Value).Distinct(StringComparer.Ordinal))
            {
                foreach (IPAddress address in vip.Addresses.Select(a => a.Value).Distinct())
                {
                    if (!serving.TryAdd((site, address), [vip]))
                    {
                        serving[(site, address)].Add(vip);
                    }
                }
            }
        }

        // Two VIPs may meet at several sites and addresses: that is one finding.
        HashSet<(SourceSpan, SourceSpan)> reported = [];
        foreach (((string site, IPAddress address), List<BoundVip> vips) in serving
            .Where(s => s.Value.Count > 1)
            .OrderBy(s => s.Key.Site, StringComparer.Ordinal)
            .ThenBy(s => s.Key.Address.ToString(), StringComparer.Ordinal))
        {
            foreach ((BoundVip First, Located<PortRange> FirstPorts, BoundVip Second, Located<PortRange> SecondPorts) pair in Overlaps(vips))
            {
                if (reported.Add((pair.FirstPorts.Span, pair.SecondPorts.Span)))
                {
                    diagnostics.Add(Diagnose.OverlappingVips(
                        pair.SecondPorts.Span, pair.Second.Name, PortText.Format(pair.SecondPorts.Value), address.ToString(), site, pair.First.Name, pair.FirstPorts.Span));
                }
            }
        }
    }

    /// <summary>Neighbours that overlap, by a sweep over the intervals' beginnings: at least one finding for each interval that is in conflict.</summary>
    private static IEnumerable<(BoundVip, Located<PortRange>, BoundVip, Located<PortRange>)> Overlaps(List<BoundVip> vips)
    {
        (BoundVip Vip, Located<PortRange> Ports)? widest = null;
        foreach ((BoundVip Vip, Located<PortRange> Ports) next in vips
            .SelectMany(vip => vip.Ports.Select(ports => (vip, ports)))
            .OrderBy(s => s.ports.Value.Protocol)
            .ThenBy(s => s.ports.Value.First)
            .ThenBy(s => s.vip.Name, StringComparer.Ordinal))
        {
            if (widest is { } before && before.Vip != next.Vip && Overlap(before.Ports.Value, next.Ports.Value))
            {
                yield return IsBefore(next.Ports.Span, before.Ports.Span)
                    ? (next.Vip, next.Ports, before.Vip, before.Ports)
                    : (before.Vip, before.Ports, next.Vip, next.Ports);
            }

            if (widest is null || widest.Value.Ports.Value.Protocol != next.Ports.Value.Protocol || widest.Value.Ports.Value.Last < next.Ports.Value.Last)
            {
                widest = next;
            }
        }
    }

    /// <summary>A backend with a VIP's address would send what it decapsulates back to us.</summary>
    private static void CheckBackends(BoundTopology topology, List<Diagnostic> diagnostics)
    {
        Dictionary<IPAddress, (string Vip, SourceSpan Span)> vips = [];
        foreach (BoundVip vip in topology.Vips)
        {
            foreach (Located<IPAddress> address in vip.Addresses)
            {
                vips.TryAdd(address.Value, (vip.Name, address.Span));
            }
        }

        foreach (BoundBackend backend in topology.Pools.SelectMany(p => p.Backends))
        {
            if (backend.Address is { } address && vips.TryGetValue(address.Value, out (string Vip, SourceSpan Span) vip))
            {
                diagnostics.Add(Diagnose.BackendIsVip(address.Span, address.Value.ToString(), vip.Vip, vip.Span));
            }
        }
    }

    private static bool Overlap(PortRange a, PortRange b) => a.Protocol == b.Protocol && a.First <= b.Last && b.First <= a.Last;

    private static bool IsBefore(SourceSpan a, SourceSpan b) =>
        (string.CompareOrdinal(a.File, b.File), a.Line, a.Column).CompareTo((0, b.Line, b.Column)) < 0;
}
