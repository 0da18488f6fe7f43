using System.Buffers.Binary;
using System.Globalization;
using Scriban.Runtime;
using Weir.Compiler.Lookup;
using Weir.Compiler.Lowering;
using Weir.Compiler.Topologies;

namespace Weir.Compiler.Emit;

/// <summary>What the templates say of VIPs' hash policies and sources.</summary>
internal static class PolicyText
{
    /// <summary>Sizes of <c>.data.policy</c>; null where no VIP has a row there.</summary>
    public static ScriptObject? Tables(DataPlane dataPlane)
    {
        TableSizes sizes = dataPlane.Sizes;
        return sizes.Policies == 0 ? null : new ScriptObject
        {
            ["routes"] = sizes.Routes,
            ["intervals4"] = sizes.Intervals4,
            ["intervals6"] = sizes.Intervals6,
            ["steps4"] = sizes.IntervalSteps4,
            ["steps6"] = sizes.IntervalSteps6,
        };
    }

    /// <summary>How a flow is changed before it is hashed.</summary>
    public static ScriptObject Hash(HashPolicy? policy) => new()
    {
        ["whole"] = policy == HashPolicy.FiveTuple,
        ["folded"] = policy is not null,
        ["text"] = policy is null ? "" : HashText.Format(policy),
        ["v4"] = new ScriptArray(policy is null
            ?
            [
                "hashed.source &= policy->source4", "hashed.destination &= policy->destination",
                "hashed.ports &= policy->ports", "hashed.protocol &= policy->protocol",
            ]
            : [.. Word("hashed.source", Word4(policy.SourceBitsV4)), .. Word("hashed.destination", policy.Destination ? null : "0"), .. Rest(policy)]),
        ["v6"] = new ScriptArray(policy is null
            ?
            [
                "hashed.source[0] &= policy->source6[0]", "hashed.source[1] &= policy->source6[1]",
                "hashed.destination[0] &= policy->destination", "hashed.destination[1] &= policy->destination",
                "hashed.ports &= policy->ports", "hashed.protocol &= policy->protocol",
            ]
            :
            [
                .. Word("hashed.source[0]", Word6(policy.SourceBitsV6, 0)),
                .. Word("hashed.source[1]", Word6(policy.SourceBitsV6, 1)),
                .. Word("hashed.destination[0]", policy.Destination ? null : "0"),
                .. Word("hashed.destination[1]", policy.Destination ? null : "0"),
                .. Rest(policy),
            ]),
    };

    private static IEnumerable<string> Rest(HashPolicy policy) =>
    [
        .. Word("hashed.ports", PolicyImage.PortsMask(policy) switch
        {
            uint.MaxValue => null,
            0 => "0",
            var mask => string.Create(CultureInfo.InvariantCulture, $"0x{mask:x8}u"),
        }),
        .. Word("hashed.protocol", policy.Protocol ? null : "0"),
    ];

    /// <param name="mask">Null for all bits.</param>
    private static string[] Word(string name, string? mask) => mask switch
    {
        null => [],
        "0" => [$"{name} = 0"],
        _ => [$"{name} &= {mask}"],
    };

    private static string? Word4(int bits) => bits switch
    {
        32 => null,
        0 => "0",
        _ => string.Create(CultureInfo.InvariantCulture, $"swap32(0x{uint.MaxValue << (32 - bits):x8}u)"),
    };

    private static string? Word6(int bits, int half) => BinaryPrimitives.ReadUInt64LittleEndian(PrefixBits.Mask(bits, 16).AsSpan(8 * half)) switch
    {
        ulong.MaxValue => null,
        0 => "0",
        var mask => string.Create(CultureInfo.InvariantCulture, $"0x{mask:x16}ull"),
    };
}
