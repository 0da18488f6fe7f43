using System.Collections.Immutable;
using System.Net;
using Weir.Compiler.Diagnostics;
using Weir.Compiler.Syntax;
using Weir.Compiler.Topologies;

namespace Weir.Compiler.Binding;

/// <summary>Reads VIPs.</summary>
internal sealed class VipBinder(
    ValueReader values,
    List<Diagnostic> diagnostics,
    BoundDefaults defaults,
    ImmutableArray<BoundPortSet> portSets,
    MissingKeys missing)
{
    private readonly Dictionary<string, BoundPortSet> _portSets = portSets.ToDictionary(s => s.Name, StringComparer.Ordinal);

    public BoundVip Bind(ScalarNode name, MappingNode vip)
    {
        missing.Check(name, vip, "sites", "name the sites that serve it, as `[ams1]`");
        ImmutableArray<Located<IPNetwork>> addresses = values.ReadEach(vip.Texts("address"), AddressReader.ReadRange);
        ImmutableArray<ScalarNode> ports = vip.Texts("ports");
        ImmutableArray<ScalarNode> sets = [.. ports.Where(p => PortReader.IsSetName(p.Text))];
        return new BoundVip(name.Text, name.Span)
        {
            Addresses = [.. addresses.Where(a => IsSingle(a.Value)).Select(a => new Located<IPAddress>(a.Value.BaseAddress, a.Span) { UsedAt = a.UsedAt })],
            Ranges = [.. addresses.Where(a => !IsSingle(a.Value))],
            Ports = [.. ports.SelectMany(p => PortReader.IsSetName(p.Text) ? Expand(p) : BindPort(p))],
            PortSets = [.. sets.Select(s => Located.At(s, s.Text))],
            Pool = vip.Text("pool"),
            Sites = BindSites(name, vip),
            Fragments = vip.Scalar("fragments") is { Text: "follow" } follow ? Located.At(follow, FragmentPolicy.Follow) : null,
            Policy = vip.ReadPolicy(),
            Protected = vip.IsTrue("protected"),
            Hash = vip.ReadHash(),
            Sources = values.ReadSources(vip),
            Routes = values.ReadRoutes(vip),
        };
    }

    private static ImmutableArray<BoundVipAtSite> Names(IEnumerable<ScalarNode> sites) =>
        [.. sites.Select(s => new BoundVipAtSite(Located.At(s, s.Text), null))];

    private static bool IsSingle(IPNetwork network) => network.PrefixLength == AddressReader.BitsOf(network.BaseAddress);

    private ImmutableArray<BoundVipAtSite> BindSites(ScalarNode name, MappingNode vip) => vip.Value("sites") switch
    {
        MappingNode mapping => [.. mapping.Entries.Select(e => new BoundVipAtSite(
            new Located<string>(e.Key.Text, e.Key.Span) { UsedAt = mapping.Alias },
            (mapping.Value(e.Key.Text) as MappingNode).Text("pool")))],
        SequenceNode list => Names(list.Texts()),
        null when !vip.Mentions("sites") => [.. defaults.Sites.Select(s => new BoundVipAtSite(s with { UsedAt = name.Span }, null))],
        _ => [],
    };

    private ImmutableArray<Located<PortRange>> BindPort(ScalarNode node) => values.ReadEach([node], PortReader.Read);

    /// <summary>The ports of a set, used at the set's name.</summary>
    private IEnumerable<Located<PortRange>> Expand(ScalarNode name)
    {
        if (_portSets.TryGetValue(name.Text, out BoundPortSet? set))
        {
            return set.Ports.Select(p => p with { UsedAt = name.Alias ?? name.Span });
        }

        if (PortReader.IsProtocol(name.Text))
        {
            diagnostics.Add(Diagnose.MalformedPort(name.Span, name.Text).UsedAt(name.Alias));
        }

        return [];
    }
}
