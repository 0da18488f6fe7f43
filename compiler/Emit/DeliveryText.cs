using System.Buffers.Binary;
using System.Collections.Immutable;
using System.Globalization;
using System.Net.NetworkInformation;
using Scriban.Runtime;
using Weir.Compiler.Lowering;
using Weir.Compiler.Topologies;

namespace Weir.Compiler.Emit;

/// <summary>What the templates need of one way that packets leave by.</summary>
internal static class DeliveryText
{
    private const int WordDigits = 8;

    /// <summary>In the order of the kinds' numbers.</summary>
    public static ImmutableArray<ScriptObject> Of(ImmutableArray<DeliveryKind> kinds) =>
        [.. kinds.Select((kind, index) => Of(kind, index, kinds.Length == 1 ? "" : Suffix(kinds, index)))];

    /// <summary>For the program's head: what there is, in the words of YAML.</summary>
    public static string Summary(ImmutableArray<DeliveryKind> kinds) => string.Join(", ", kinds.Select(Say));

    /// <summary>Type, and a number where the type has several.</summary>
    private static string Suffix(ImmutableArray<DeliveryKind> kinds, int index)
    {
        int same = kinds.Count(k => k.Type == kinds[index].Type);
        int before = kinds.Take(index).Count(k => k.Type == kinds[index].Type);
        string name = "_" + EncapsulationKeys.Name(kinds[index].Type);
        return same == 1 ? name : string.Create(CultureInfo.InvariantCulture, $"{name}_{before}");
    }

    private static string Say(DeliveryKind kind) =>
        string.Join(' ', [EncapsulationKeys.Name(kind.Type), .. EncapsulationText.Options(kind.Options).Select(o => $"{o.Key} {o.Value}")]);

    private static ScriptObject Of(DeliveryKind kind, int index, string suffix)
    {
        EncapsulationOptions options = kind.Options;
        bool plain = kind.Type == EncapsulationType.Ipip;
        bool udp = kind.Type is EncapsulationType.Gue or EncapsulationType.Vxlan or EncapsulationType.Geneve;
        string extra = Extra(kind);
        string encoded = options.GeneveOptions ?? "";
        return new ScriptObject
        {
            ["index"] = index,
            ["type"] = EncapsulationKeys.Name(kind.Type),
            ["template"] = kind.Type switch
            {
                EncapsulationType.L2 => "send_link",
                EncapsulationType.Local => "send_local",
                _ => "send_tunnel",
            },
            ["function4"] = "send4" + suffix,
            ["function6"] = "send6" + suffix,
            ["text4"] = plain ? "Puts an outer IPv4 header in front." : $"Encapsulation `{Say(kind)}` over IPv4.",
            ["text6"] = plain ? "Puts an outer IPv6 header in front." : $"Encapsulation `{Say(kind)}` over IPv6.",
            ["plain"] = plain,
            ["protocol"] = plain ? "work->protocol" : udp ? "PROTOCOL_UDP" : "PROTOCOL_GRE",
            ["extra"] = $"({extra})",
            ["overhead4"] = plain ? "IPV4_BYTES" : $"(IPV4_BYTES + {extra})",
            ["overhead6"] = plain ? "IPV6_BYTES" : $"(IPV6_BYTES + {extra})",
            ["checked4"] = options.Checksum == true,
            ["checked6"] = options.Checksum ?? udp,
            ["gre_flags"] = options.Key is null ? 0 : 0x20,
            ["key"] = options.Key is { } key ? Hex(key) : null,
            ["variant"] = options.Variant ?? 0,
            ["port"] = (int)(options.Port ?? 0),
            ["vni"] = options.Vni ?? 0,
            ["macs"] = udp && options.InnerDestination is not null ? Macs(options.InnerDestination, options.InnerSource!) : "",
            ["option_words"] = encoded.Length / WordDigits,
            ["option_data"] = new ScriptArray(encoded.Chunk(WordDigits).Select(word => "0x" + new string(word) + "u")),
            ["critical"] = HasCritical(encoded) ? "0x40" : "0",
        };
    }

    /// <summary>Bytes between the outer IP header and the inner, as the sum of the parts.</summary>
    private static string Extra(DeliveryKind kind) => kind.Type switch
    {
        EncapsulationType.Gre => string.Join(
            " + ",
            new[] { "GRE_BYTES", kind.Options.Checksum == true ? "GRE_CHECK_BYTES" : null, kind.Options.Key is null ? null : "GRE_KEY_BYTES" }.OfType<string>()),
        EncapsulationType.Gue => kind.Options.Variant == 1 ? "UDP_BYTES" : "UDP_BYTES + GUE_BYTES",
        EncapsulationType.Vxlan => "UDP_BYTES + VXLAN_BYTES + ETHER_BYTES",
        EncapsulationType.Geneve when string.IsNullOrEmpty(kind.Options.GeneveOptions) => "UDP_BYTES + GENEVE_BYTES + ETHER_BYTES",
        EncapsulationType.Geneve => string.Create(CultureInfo.InvariantCulture, $"UDP_BYTES + GENEVE_BYTES + {kind.Options.GeneveOptions!.Length / 2} + ETHER_BYTES"),
        _ => "0",
    };

    /// <summary>RFC 8926, section 3.5: the highest bit of an option's type.</summary>
    private static bool HasCritical(string encoded)
    {
        for (int at = 0; at < encoded.Length;)
        {
            if (Byte(at + 4) >= 0x80)
            {
                return true;
            }

            at += WordDigits + (WordDigits * Byte(at + 6));
        }

        return false;

        int Byte(int digit) => int.Parse(encoded.AsSpan(digit, 2), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture);
    }

    /// <summary>The first 8 and the last 4 bytes of destination and source, as little-endian words.</summary>
    private static string Macs(PhysicalAddress destination, PhysicalAddress source)
    {
        byte[] bytes = [.. destination.GetAddressBytes(), .. source.GetAddressBytes()];
        return $"0x{BinaryPrimitives.ReadUInt64LittleEndian(bytes):x16}ull, {Hex(BinaryPrimitives.ReadUInt32LittleEndian(bytes.AsSpan(8)))}";
    }

    private static string Hex(uint value) => $"0x{value:x8}u";
}
