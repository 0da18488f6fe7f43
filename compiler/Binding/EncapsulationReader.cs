using System.Collections.Immutable;
using System.Net;
using System.Net.NetworkInformation;
using Weir.Compiler.Syntax;
using Weir.Compiler.Topologies;

namespace Weir.Compiler.Binding;

/// <summary>Reads <c>encapsulation</c> and <c>nextHop</c> wherever they stand.</summary>
internal static class EncapsulationReader
{
    /// <summary>What the mapping says of encapsulation, or null when it says nothing.</summary>
    public static BoundEncapsulation? ReadEncapsulation(this ValueReader values, MappingNode? mapping)
    {
        if (mapping.KeySpan("encapsulation") is not { } key)
        {
            return null;
        }

        SyntaxNode node = mapping.Value("encapsulation")!;
        MappingNode? content = node as MappingNode;
        ImmutableArray<ScalarNode> sources = content.Texts("source");
        ImmutableArray<Located<OuterSource>> read = values.ReadEach(sources, AddressReader.ReadPrefix);
        ScalarNode? type = content.Scalar("type");
        return new BoundEncapsulation(key)
        {
            UsedAt = node.Alias,
            Type = type is not null && EncapsulationKeys.Named(type.Text) is { } named ? Located.At(type, named) : null,
            Sources = read,
            Options = values.ReadOptions(content),
            Complete = content is not null
                && (type is null ? !content.Mentions("type") : EncapsulationKeys.Named(type.Text) is not null)
                && (sources.Length == 0 ? !content.Mentions("source") : sources.Length == read.Length),
        };
    }

    /// <summary>What the mapping says of the next hop, or null when it says nothing.</summary>
    public static BoundNextHop? ReadNextHop(this ValueReader values, MappingNode? mapping)
    {
        if (mapping.KeySpan("nextHop") is not { } key)
        {
            return null;
        }

        SyntaxNode node = mapping.Value("nextHop")!;
        MappingNode? content = node as MappingNode;
        ImmutableArray<ScalarNode> gateways = content.Texts("gateway");
        ImmutableArray<Located<IPAddress>> read = values.ReadEach(gateways, AddressReader.ReadGateway);
        ScalarNode? macText = content.Scalar("mac");
        Located<PhysicalAddress>? mac = values.Read(macText, MacReader.Read);
        return new BoundNextHop(key)
        {
            UsedAt = node.Alias,
            Gateways = read,
            Mac = mac,
            Complete = gateways.Length == read.Length && (macText is null ? gateways.Length > 0 : mac is not null),
        };
    }
}
