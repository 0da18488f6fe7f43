using System.Collections.Immutable;
using Weir.Compiler.Diagnostics;
using Weir.Compiler.Syntax;
using Weir.Compiler.Topologies;

namespace Weir.Compiler.Binding;

/// <summary>Reads sites and their hosts.</summary>
internal sealed class SiteBinder(ValueReader values, BoundDefaults defaults, MissingKeys missing)
{
    private const int DefaultMtu = 1500;

    public BoundSite Bind(ScalarNode name, MappingNode site)
    {
        BoundEncapsulation? encapsulation = values.ReadEncapsulation(site);
        BoundNextHop? nextHop = values.ReadNextHop(site);
        BoundLimits limits = values.ReadLimits(site);
        ImmutableArray<BoundEncapsulation> encapsulations =
            [.. new[] { encapsulation, defaults.Encapsulation is { } wider ? wider with { UsedAt = name.Span } : null }.OfType<BoundEncapsulation>()];
        missing.Check(name, site, "encapsulation", "say how packets travel to backends, as `{ type: ipip, source: 10.10.0.1 }`");
        if (encapsulations.Select(e => e.Type).FirstOrDefault(t => t is not null)?.Value is not (EncapsulationType.L2 or EncapsulationType.Local))
        {
            missing.Check(name, site, "nextHop", "say where encapsulated packets are sent, as `{ gateway: 10.10.0.254 }`");
        }

        if (encapsulations is [var narrowest, ..] && encapsulations.All(e => e.Complete && e.Type is null))
        {
            missing.Add(Diagnose.MissingEverywhere(narrowest.Span, "encapsulation.type", "say the type of encapsulation, `ipip`").UsedAt(narrowest.UsedAt));
        }

        return new BoundSite(name.Text, name.Span)
        {
            Hosts = [.. site.Mapping("hosts").MappingEntries().Select(e => BindHost(e.Key, e.Value))],
            Encapsulations = encapsulations,
            NextHops = [.. new[] { nextHop, defaults.NextHop is { } widerHop ? widerHop with { UsedAt = name.Span } : null }.OfType<BoundNextHop>()],
            Mtu = (site.Integer("mtu") ?? defaults.Mtu.TakenBy(name.Span)).Or(DefaultMtu),
            Unmatched = (site.ReadUnmatched() ?? defaults.Unmatched.TakenBy(name.Span)).Or(Unmatched.Pass),
            MaxFlows = (limits.MaxFlows ?? defaults.Limits.MaxFlows.TakenBy(name.Span)).Or(Limits.DefaultMaxFlows),
            MapMemory = limits.MapMemory ?? defaults.Limits.MapMemory.TakenBy(name.Span),
            Segments = values.ReadSegments(site),
            Decapsulate = values.ReadDecapsulation(site),
            Protected = site.IsTrue("protected"),
        };
    }

    private BoundHost BindHost(ScalarNode name, MappingNode host)
    {
        missing.Check(name, host, "interface", "name the network interface that packets for VIPs arrive at, as `eth0`");
        return new BoundHost(name.Text, name.Span, host.Text("interface") ?? defaults.Interface.TakenBy(name.Span))
        {
            NatSources = values.ReadEach(host.Texts("natSources"), AddressReader.ReadAnyRange),
        };
    }
}
