using System.Collections.Immutable;
using Weir.Compiler.Diagnostics;
using Weir.Compiler.Syntax;

namespace Weir.Compiler.Binding;

/// <summary>Reads the values of a source tree and puts defaults where nobody narrower says otherwise. Values of a wrong type are passed
/// over, for the structure check has reported them; malformed ones are reported here.</summary>
internal static class Binder
{
    public static BoundTopology Bind(MappingNode root, List<Diagnostic> diagnostics)
    {
        ValueReader values = new(diagnostics);
        BoundDefaults defaults = DefaultsReader.Read(root, values);
        MissingKeys missing = new(defaults);
        MappingNode? sites = root.Mapping("sites");
        MappingNode? pools = root.Mapping("pools");
        MappingNode? ports = root.Mapping("ports");
        ImmutableArray<BoundPortSet> portSets =
            [.. (ports?.Entries ?? []).Select(e => new BoundPortSet(e.Key.Text, e.Key.Span, values.ReadEach((ports.Value(e.Key.Text) as SequenceNode).Texts(), PortReader.Read)))];
        SiteBinder siteBinder = new(values, defaults, missing);
        PoolBinder poolBinder = new(values, defaults);
        VipBinder vipBinder = new(values, diagnostics, defaults, portSets, missing);
        return new BoundTopology
        {
            Seed = root.Text("seed"),
            Defaults = defaults,
            Policy = root.ReadPolicy(),
            PortSets = portSets,
            Sites = [.. sites.MappingEntries().Select(e => siteBinder.Bind(e.Key, e.Value))],
            Pools = [.. pools.MappingEntries().Select(e => poolBinder.Bind(e.Key, e.Value))],
            Vips = [.. root.Mapping("vips").MappingEntries().Select(e => vipBinder.Bind(e.Key, e.Value))],
            PoolNames = pools.Names(),
            SiteNames = sites.Names(),
            PortSetNames = ports.Names() ?? (root.Mentions("ports") ? null : []),
            Missing = missing.ToImmutable(),
        };
    }
}
