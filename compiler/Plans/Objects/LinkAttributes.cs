using System.Collections.Immutable;
using Weir.Compiler.Topologies;

namespace Weir.Compiler.Plans.Objects;

/// <summary>The properties of a site's own link.</summary>
internal static class LinkAttributes
{
    public static IEnumerable<ObjectAttribute> Of(Site site) =>
    [
        Many("segments", site.Segments.Select(s => s.ToString())),
        Many("decapsulate.addresses", (site.Decapsulate?.Addresses ?? []).Select(a => a.ToString())),
        Many("decapsulate.from", (site.Decapsulate?.From ?? []).Select(f => f.ToString())),
        Many("decapsulate.types", (site.Decapsulate?.Types ?? []).Select(t => t.ToString().ToLowerInvariant())),
    ];

    public static ObjectAttribute MacOf(Backend backend) => new("mac", [AddressText.OfMac(backend.Mac) ?? "found out"], IsList: false, Usual: backend.Mac is null);

    private static ObjectAttribute Many(string name, IEnumerable<string> values)
    {
        ImmutableArray<string> all = [.. values];
        return new ObjectAttribute(name, all, IsList: true, all.IsEmpty);
    }
}
