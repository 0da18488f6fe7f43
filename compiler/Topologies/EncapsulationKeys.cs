using System.Collections.Immutable;
using System.Net.NetworkInformation;

namespace Weir.Compiler.Topologies;

/// <summary>Which keys each type of encapsulation has, and what holds where nothing is said.</summary>
public static class EncapsulationKeys
{
    /// <summary>IANA: 6080 (GUE), 4789 (VXLAN, RFC 7348), 6081 (Geneve, RFC 8926).</summary>
    private const ushort GuePort = 6080;
    private const ushort VxlanPort = 4789;
    private const ushort GenevePort = 6081;

    /// <summary>A locally administered address (IEEE 802, section 8.4), since no interface stands behind it.</summary>
    private static readonly PhysicalAddress InnerSource = new([2, 0, 0, 0, 0, 1]);

    private static readonly ImmutableArray<string> Udp = ["source", "port", "checksum"];

    /// <summary>The keys beside <c>type</c> that mean something, as they are written.</summary>
    public static ImmutableArray<string> Of(EncapsulationType type) => type switch
    {
        EncapsulationType.Ipip => ["source"],
        EncapsulationType.Gre => ["source", "key", "checksum"],
        EncapsulationType.Gue => [.. Udp, "variant"],
        EncapsulationType.Vxlan => [.. Udp, "vni", "innerSource", "innerDestination"],
        EncapsulationType.Geneve => [.. Udp, "vni", "innerSource", "innerDestination", "options"],
        _ => [],
    };

    /// <summary>The keys among these that must be said.</summary>
    public static ImmutableArray<string> Required(EncapsulationType type) =>
        type is EncapsulationType.Vxlan or EncapsulationType.Geneve ? ["vni", "innerDestination"] : [];

    /// <summary>Whether the outer header has a source of its own.</summary>
    public static bool HasSource(EncapsulationType type) => type is not (EncapsulationType.L2 or EncapsulationType.Local or EncapsulationType.Nat);

    /// <summary>Name as in YAML.</summary>
    public static string Name(EncapsulationType type) => type switch
    {
        EncapsulationType.Gre => "gre",
        EncapsulationType.Gue => "gue",
        EncapsulationType.Vxlan => "vxlan",
        EncapsulationType.Geneve => "geneve",
        EncapsulationType.L2 => "l2",
        EncapsulationType.Local => "local",
        EncapsulationType.Nat => "nat",
        _ => "ipip",
    };

    /// <summary>The type that YAML names so, or null.</summary>
    public static EncapsulationType? Named(string name) => Enum.GetValues<EncapsulationType>().Where(t => Name(t) == name).Select(t => (EncapsulationType?)t).FirstOrDefault();

    /// <summary>Only what the type has, with its defaults filled in; <see cref="EncapsulationOptions.Checksum"/> stays open, as its default depends on the outer family.</summary>
    public static EncapsulationOptions Resolve(EncapsulationType type, EncapsulationOptions said) => type switch
    {
        EncapsulationType.Gre => new EncapsulationOptions { Key = said.Key, Checksum = said.Checksum },
        EncapsulationType.Gue => new EncapsulationOptions { Port = said.Port ?? GuePort, Variant = said.Variant ?? 0, Checksum = said.Checksum },
        EncapsulationType.Vxlan => Ethernet(said, VxlanPort),
        EncapsulationType.Geneve => Ethernet(said, GenevePort) with { GeneveOptions = string.IsNullOrEmpty(said.GeneveOptions) ? null : said.GeneveOptions },
        _ => EncapsulationOptions.None,
    };

    private static EncapsulationOptions Ethernet(EncapsulationOptions said, ushort port) => new()
    {
        Port = said.Port ?? port,
        Checksum = said.Checksum,
        Vni = said.Vni,
        InnerSource = said.InnerSource ?? InnerSource,
        InnerDestination = said.InnerDestination,
    };
}
