using System.Collections.Immutable;
using System.Net;
using System.Net.NetworkInformation;
using Weir.Compiler.Diagnostics;
using Weir.Compiler.Syntax;
using Weir.Compiler.Topologies;

namespace Weir.Compiler.Binding;

/// <summary>Reads the values of a source tree: addresses, ports, MACs. Values of a wrong type are passed over, for the structure check has
/// reported them; malformed ones are reported here.</summary>
internal sealed class Binder
{
    private const int DefaultWeight = 100;
    private const int DefaultMtu = 1500;

    private readonly List<Diagnostic> _diagnostics;

    private Binder(List<Diagnostic> diagnostics) => _diagnostics = diagnostics;

    public static BoundTopology Bind(MappingNode root, List<Diagnostic> diagnostics)
    {
        Binder binder = new(diagnostics);
        MappingNode? sites = root.Mapping("sites");
        MappingNode? pools = root.Mapping("pools");
        return new BoundTopology(
            root.Text("seed"),
            [.. sites.MappingEntries().Select(e => binder.Site(e.Key, e.Value))],
            [.. pools.MappingEntries().Select(e => binder.Pool(e.Key, e.Value))],
            [.. root.Mapping("vips").MappingEntries().Select(e => binder.Vip(e.Key, e.Value))],
            Names(pools),
            Names(sites));
    }

    private static Dictionary<string, SourceSpan>? Names(MappingNode? mapping) =>
        mapping?.Entries.ToDictionary(e => e.Key.Text, e => e.Key.Span, StringComparer.Ordinal);

    private BoundSite Site(ScalarNode name, MappingNode site)
    {
        MappingNode? encapsulation = site.Mapping("encapsulation");
        MappingNode? nextHop = site.Mapping("nextHop");
        ImmutableArray<ScalarNode> sources = encapsulation.Texts("source");
        ImmutableArray<ScalarNode> gateways = nextHop.Texts("gateway");
        ScalarNode? macText = nextHop?.Scalar("mac");
        ImmutableArray<Located<OuterSource>> boundSources = Each(sources, AddressReader.ReadPrefix);
        ImmutableArray<Located<IPAddress>> boundGateways = Each(gateways, AddressReader.ReadGateway);
        Located<PhysicalAddress>? mac = macText is null ? null : MacReader.Read(macText, _diagnostics);
        return new BoundSite(name.Text, name.Span)
        {
            Hosts = [.. site.Mapping("hosts").MappingEntries().Select(e => new BoundHost(e.Key.Text, e.Key.Span, e.Value.Text("interface")))],
            Encapsulation = encapsulation is null ? null : site.Find("encapsulation")!.Key.Span,
            SourcesKnown = sources.Length > 0 && sources.Length == boundSources.Length,
            Sources = boundSources,
            NextHop = nextHop is null ? null : site.Find("nextHop")!.Key.Span,
            NextHopsKnown = gateways.Length == boundGateways.Length && (macText is null ? gateways.Length > 0 : mac is not null),
            Gateways = boundGateways,
            Mac = mac,
            Mtu = site.Integer("mtu")?.Value ?? DefaultMtu,
            Unmatched = site.Text("unmatched")?.Value == "drop" ? Unmatched.Drop : Unmatched.Pass,
        };
    }

    private BoundPool Pool(ScalarNode name, MappingNode pool)
    {
        SequenceNode? backends = pool.Find("backends")?.Value as SequenceNode;
        return new BoundPool(name.Text, name.Span)
        {
            Capacity = pool.Integer("capacity"),
            BackendsKey = backends is null ? null : pool.Find("backends")!.Key.Span,
            Backends = backends is null ? [] : [.. backends.Items.Select(Backend)],
        };
    }

    private BoundBackend Backend(SyntaxNode node)
    {
        MappingNode? backend = node as MappingNode;
        Located<string>? name = backend?.Text("name");
        return new BoundBackend(
            name?.Span ?? node.Span,
            name,
            backend?.Scalar("address") is { } address ? AddressReader.Read(address, _diagnostics) : null,
            backend?.Integer("weight")?.Value ?? DefaultWeight,
            backend?.Text("state")?.Value == "drain" ? BackendState.Drain : BackendState.Active);
    }

    private BoundVip Vip(ScalarNode name, MappingNode vip) => new(name.Text, name.Span)
    {
        Addresses = Each(vip.Texts("address"), AddressReader.Read),
        Ports = Each(vip.Texts("ports"), PortReader.Read),
        Pool = vip.Text("pool"),
        Sites = [.. vip.Texts("sites").Select(s => new Located<string>(s.Text, s.Span))],
    };

    private ImmutableArray<Located<T>> Each<T>(ImmutableArray<ScalarNode> texts, Func<ScalarNode, List<Diagnostic>, Located<T>?> read)
    {
        ImmutableArray<Located<T>>.Builder values = ImmutableArray.CreateBuilder<Located<T>>(texts.Length);
        foreach (ScalarNode text in texts)
        {
            if (read(text, _diagnostics) is { } value)
            {
                values.Add(value);
            }
        }

        return values.DrainToImmutable();
    }
}
