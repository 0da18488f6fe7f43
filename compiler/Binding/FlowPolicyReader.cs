using System.Collections.Immutable;
using System.Globalization;
using System.Net;
using Weir.Compiler.Diagnostics;
using Weir.Compiler.Syntax;
using Weir.Compiler.Topologies;

namespace Weir.Compiler.Binding;

/// <summary>Reads what a VIP says of its flows: <c>hash</c>, <c>sources</c> and <c>routes</c>.</summary>
internal static class FlowPolicyReader
{
    /// <summary>Five-tuple where the VIP says nothing.</summary>
    public static HashPolicy ReadHash(this MappingNode? vip) => vip.Value("hash") switch
    {
        ScalarNode { Kind: ScalarKind.Text, Text: var text } => HashText.Parse(text) ?? HashPolicy.FiveTuple,
        MappingNode mapping when mapping.Mapping("sourcePrefix") is { } prefix =>
            HashPolicy.SourcePrefix(Math.Clamp(prefix.Integer("ipv4")?.Value ?? 32, 1, 32), Math.Clamp(prefix.Integer("ipv6")?.Value ?? 128, 1, 128)),
        _ => HashPolicy.FiveTuple,
    };

    public static BoundSources ReadSources(this ValueReader values, MappingNode? vip)
    {
        MappingNode? sources = vip.Mapping("sources");
        return new BoundSources(
            sources.KeySpan("allow"),
            values.ReadEach(sources.Texts("allow"), ReadSource),
            sources.KeySpan("deny"),
            values.ReadEach(sources.Texts("deny"), ReadSource));
    }

    public static ImmutableArray<BoundRoute> ReadRoutes(this ValueReader values, MappingNode? vip) =>
    [
        .. ((vip.Value("routes") as SequenceNode)?.Items() ?? []).OfType<MappingNode>().SelectMany(route =>
            values.ReadEach(route.Texts("source"), ReadSource).Select(source => new BoundRoute(source, route.Text("pool")))),
    ];

    /// <summary>An address or a prefix of any length without host bits. Clients may have any address, so none is refused but those that IPv6 packets
    /// cannot have for being IPv4's.</summary>
    private static Located<IPNetwork>? ReadSource(ScalarNode node, List<Diagnostic> diagnostics)
    {
        string text = node.Text;
        int slash = text.IndexOf('/', StringComparison.Ordinal);
        int length = 0;
        if (!AddressReader.TryParse(slash < 0 ? text : text[..slash], out IPAddress address, out string? reason)
            || (slash >= 0 && !AddressReader.TryParseLength(text[(slash + 1)..], AddressReader.BitsOf(address), out length)))
        {
            diagnostics.Add(slash < 0 ? Diagnose.MalformedAddress(node.Span, text, reason) : Diagnose.MalformedPrefix(node.Span, text));
            return null;
        }

        length = slash < 0 ? AddressReader.BitsOf(address) : length;
        IPAddress network = AddressReader.NetworkOf(address, length);
        if (!network.Equals(address))
        {
            diagnostics.Add(Diagnose.HostBitsSet(node.Span, text, string.Create(CultureInfo.InvariantCulture, $"{network}/{length}")));
            return null;
        }

        if (network.IsIPv4MappedToIPv6)
        {
            diagnostics.Add(Diagnose.ReservedInPrefix(node.Span, text, ReservedRange.Overlapping(network, length)!));
            return null;
        }

        return new(new IPNetwork(network, length), node.Span);
    }
}

/// <summary>A VIP's lists of sources and where each begins.</summary>
internal sealed record BoundSources(SourceSpan? AllowKey, ImmutableArray<Located<IPNetwork>> Allow, SourceSpan? DenyKey, ImmutableArray<Located<IPNetwork>> Deny);

internal sealed record BoundRoute(Located<IPNetwork> Source, Located<string>? Pool);
