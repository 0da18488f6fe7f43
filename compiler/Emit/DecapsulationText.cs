using System.Net;
using System.Net.Sockets;
using Scriban.Runtime;
using Weir.Compiler.Lowering;
using Weir.Compiler.Model.Strips;
using Weir.Compiler.Topologies;

namespace Weir.Compiler.Emit;

/// <summary>What the template <c>decapsulate</c> is filled with.</summary>
internal static class DecapsulationText
{
    /// <summary>Null where the site decapsulates nothing.</summary>
    public static ScriptObject? Of(Decapsulation? decapsulation) => decapsulation is null ? null : new ScriptObject
    {
        ["kinds"] = new ScriptArray(decapsulation.Types.Select(Kind)),
        ["headers"] = new ScriptArray(decapsulation.Types.Select(Header).OfType<string>().Distinct(StringComparer.Ordinal)),
        ["addresses4"] = Conditions(decapsulation.Addresses.Select(a => new IPNetwork(a, a.GetAddressBytes().Length * 8)), AddressFamily.InterNetwork),
        ["addresses6"] = Conditions(decapsulation.Addresses.Select(a => new IPNetwork(a, a.GetAddressBytes().Length * 8)), AddressFamily.InterNetworkV6),
        ["from4"] = Conditions(decapsulation.From, AddressFamily.InterNetwork),
        ["from6"] = Conditions(decapsulation.From, AddressFamily.InterNetworkV6),
    };

    private static ScriptObject Kind(EncapsulationType type) => new()
    {
        ["name"] = $"STRIP_{type.ToString().ToUpperInvariant()}",
        ["reader"] = type == EncapsulationType.Ipip ? null : $"strip_{type.ToString().ToLowerInvariant()}",
        ["condition"] = type switch
        {
            EncapsulationType.Ipip => "protocol == PROTOCOL_IPV4 || protocol == PROTOCOL_IPV6",
            EncapsulationType.Gre => "protocol == PROTOCOL_GRE",
            EncapsulationType.Gue => Udp(StripRules.DefaultGuePort),
            EncapsulationType.Vxlan => Udp(StripRules.DefaultVxlanPort),
            _ => Udp(StripRules.DefaultGenevePort),
        },
    };

    private static string? Header(EncapsulationType type) => type switch
    {
        EncapsulationType.Ipip => null,
        EncapsulationType.Gre => "strip_gre.h",
        EncapsulationType.Gue => "strip_gue.h",
        _ => "strip_ether.h",
    };

    private static string Udp(ushort port) => FormattableString.Invariant($"protocol == PROTOCOL_UDP && port == swap16({port})");

    private static ScriptArray Conditions(IEnumerable<IPNetwork> prefixes, AddressFamily family) => new(prefixes
        .Where(prefix => prefix.BaseAddress.AddressFamily == family)
        .Select(prefix => new AddressServices(prefix.BaseAddress, []) { Length = prefix.PrefixLength })
        .Select(prefix => new ScriptObject { ["text"] = PrefixText.Of(prefix), ["condition"] = PrefixText.Condition(prefix) }));
}
