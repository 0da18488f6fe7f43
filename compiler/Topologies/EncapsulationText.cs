using System.Collections.Immutable;
using System.Globalization;

namespace Weir.Compiler.Topologies;

/// <summary>Options of an encapsulation as YAML says them.</summary>
public static class EncapsulationText
{
    private const int OptionHead = 8;

    /// <summary>Key and value of all that is said, in the order of the schema; texts that need quotes in YAML have none.</summary>
    public static IEnumerable<(string Key, string Value)> Options(EncapsulationOptions options)
    {
        (string, string?)[] all =
        [
            ("key", options.Key?.ToString(CultureInfo.InvariantCulture)),
            ("port", options.Port?.ToString(CultureInfo.InvariantCulture)),
            ("variant", options.Variant?.ToString(CultureInfo.InvariantCulture)),
            ("checksum", options.Checksum is { } on ? on ? "true" : "false" : null),
            ("vni", options.Vni?.ToString(CultureInfo.InvariantCulture)),
            ("innerSource", AddressText.OfMac(options.InnerSource)),
            ("innerDestination", AddressText.OfMac(options.InnerDestination)),
            ("options", options.GeneveOptions is { } encoded ? $"[{string.Join(", ", Geneve(encoded))}]" : null),
        ];
        return all.Where(o => o.Item2 is not null).Select(o => (o.Item1, o.Item2!));
    }

    /// <summary>Each option as a YAML mapping.</summary>
    private static ImmutableArray<string> Geneve(string encoded)
    {
        var options = ImmutableArray.CreateBuilder<string>();
        for (int at = 0; at < encoded.Length;)
        {
            int data = 8 * int.Parse(encoded.AsSpan(at + 6, 2), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture);
            int type = int.Parse(encoded.AsSpan(at + 4, 2), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture);
            options.Add(string.Create(CultureInfo.InvariantCulture, $"{{ class: 0x{encoded.AsSpan(at, 4)}, type: {type}, data: \"{encoded.AsSpan(at + OptionHead, data)}\" }}"));
            at += OptionHead + data;
        }

        return options.ToImmutable();
    }
}
