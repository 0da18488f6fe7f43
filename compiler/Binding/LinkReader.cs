using System.Collections.Immutable;
using System.Net;
using Weir.Compiler.Diagnostics;
using Weir.Compiler.Syntax;
using Weir.Compiler.Topologies;

namespace Weir.Compiler.Binding;

/// <summary>What a site's hosts decapsulate themselves.</summary>
/// <param name="Span">The key.</param>
internal sealed record BoundDecapsulation(
    SourceSpan Span, ImmutableArray<Located<IPAddress>> Addresses, ImmutableArray<Located<IPNetwork>> From, ImmutableArray<EncapsulationType> Types, bool Complete);

/// <summary>Reads what a site says of its own link: <c>segments</c> and <c>decapsulate</c>.</summary>
internal static class LinkReader
{
    /// <summary>Those that can be taken off again, by their names.</summary>
    private static readonly ImmutableArray<EncapsulationType> Strippable =
        [EncapsulationType.Ipip, EncapsulationType.Gre, EncapsulationType.Gue, EncapsulationType.Vxlan, EncapsulationType.Geneve];

    public static ImmutableArray<Located<IPNetwork>> ReadSegments(this ValueReader values, MappingNode site) =>
        values.ReadEach(site.Texts("segments"), AddressReader.ReadRange);

    /// <summary>Null when the site says nothing of it.</summary>
    public static BoundDecapsulation? ReadDecapsulation(this ValueReader values, MappingNode site)
    {
        if (site.KeySpan("decapsulate") is not { } key)
        {
            return null;
        }

        MappingNode? content = site.Mapping("decapsulate");
        ImmutableArray<ScalarNode> from = content.Texts("from");
        ImmutableArray<Located<IPNetwork>> senders = values.ReadEach(from, AddressReader.ReadRange);
        HashSet<string> names = [.. content.Texts("types").Select(name => name.Text)];
        return new BoundDecapsulation(
            key,
            values.ReadEach(content.Texts("addresses"), AddressReader.Read),
            senders,
            [.. Strippable.Where(type => names.Contains(type.ToString().ToLowerInvariant()))],
            Complete: from.Length > 0 && from.Length == senders.Length);
    }
}
