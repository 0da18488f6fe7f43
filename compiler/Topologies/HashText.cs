using System.Globalization;

namespace Weir.Compiler.Topologies;

/// <summary>Hash policies as one word, as manifests, plans and explanations write them: <c>five-tuple</c>, <c>three-tuple</c>,
/// <c>without-destination-port</c>, <c>source</c>, <c>source/24/56</c> (bits of IPv4, bits of IPv6).</summary>
public static class HashText
{
    public static string Format(HashPolicy policy) =>
        policy == HashPolicy.FiveTuple ? "five-tuple"
        : policy == HashPolicy.ThreeTuple ? "three-tuple"
        : policy == HashPolicy.WithoutDestinationPort ? "without-destination-port"
        : policy == HashPolicy.SourceAddress ? "source"
        : string.Create(CultureInfo.InvariantCulture, $"source/{policy.SourceBitsV4}/{policy.SourceBitsV6}");

    /// <summary>Null when it is none.</summary>
    public static HashPolicy? Parse(string text)
    {
        HashPolicy? named = text switch
        {
            "five-tuple" => HashPolicy.FiveTuple,
            "three-tuple" => HashPolicy.ThreeTuple,
            "without-destination-port" => HashPolicy.WithoutDestinationPort,
            "source" => HashPolicy.SourceAddress,
            _ => null,
        };
        return named is null && text.Split('/') is ["source", var v4, var v6] && Bits(v4, 32) is { } bitsV4 && Bits(v6, 128) is { } bitsV6
            ? HashPolicy.SourcePrefix(bitsV4, bitsV6)
            : named;
    }

    private static int? Bits(string text, int most) => int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out int bits) && bits <= most ? bits : null;
}
