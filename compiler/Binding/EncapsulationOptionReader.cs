using System.Buffers.Binary;
using System.Collections.Immutable;
using System.Net.NetworkInformation;
using Weir.Compiler.Diagnostics;
using Weir.Compiler.Syntax;
using Weir.Compiler.Topologies;

namespace Weir.Compiler.Binding;

/// <summary>A key of an encapsulation that only some types have.</summary>
/// <param name="Span">The key.</param>
/// <param name="Set">What it makes of what wider scopes say.</param>
internal sealed record BoundOption(string Key, SourceSpan Span, Func<EncapsulationOptions, EncapsulationOptions> Set);

/// <summary>Reads those keys. What has another type or range is the structure check's to report, and is as if it were not there.</summary>
internal static class EncapsulationOptionReader
{
    /// <summary>Hex digits of a word of 4 bytes, and of the 31 words that an option's length can say (RFC 8926, section 3.5).</summary>
    private const int WordDigits = 8;
    private const int LongestData = 31 * WordDigits;

    public static ImmutableArray<BoundOption> ReadOptions(this ValueReader values, MappingNode? encapsulation)
    {
        var options = ImmutableArray.CreateBuilder<BoundOption>();
        AddNumber("key", uint.MaxValue, (o, number) => o with { Key = (uint)number });
        AddNumber("port", ushort.MaxValue, (o, number) => o with { Port = (ushort)number });
        AddNumber("variant", 1, (o, number) => o with { Variant = (int)number });
        AddNumber("vni", (1 << 24) - 1, (o, number) => o with { Vni = (int)number });
        if (encapsulation.Value("checksum") is ScalarNode { Kind: ScalarKind.Boolean })
        {
            bool on = encapsulation.IsTrue("checksum");
            Add("checksum", o => o with { Checksum = on });
        }

        AddMac("innerSource", (o, mac) => o with { InnerSource = mac });
        AddMac("innerDestination", (o, mac) => o with { InnerDestination = mac });
        if (encapsulation.Value("options") is SequenceNode list)
        {
            string encoded = string.Concat(list.Items().OfType<MappingNode>().Select(Encode));
            Add("options", o => o with { GeneveOptions = encoded });
        }

        return options.ToImmutable();

        void Add(string key, Func<EncapsulationOptions, EncapsulationOptions> set) => options.Add(new BoundOption(key, encapsulation.KeySpan(key)!.Value, set));

        void AddNumber(string key, long most, Func<EncapsulationOptions, long, EncapsulationOptions> set)
        {
            if (encapsulation.Number(key) is { Value: >= 0 } number && number.Value <= most)
            {
                Add(key, o => set(o, number.Value));
            }
        }

        void AddMac(string key, Func<EncapsulationOptions, PhysicalAddress, EncapsulationOptions> set)
        {
            if (values.Read(encapsulation.Scalar(key), MacReader.Read) is { } mac)
            {
                Add(key, o => set(o, mac.Value));
            }
        }
    }

    /// <summary>RFC 8926, section 3.5: class, type, three reserved bits and the length in words, data.</summary>
    private static string Encode(MappingNode option)
    {
        string data = option.Text("data")?.Value.ToLowerInvariant() ?? "";
        if (data.Length % WordDigits != 0 || data.Length > LongestData || !data.All(char.IsAsciiHexDigit))
        {
            data = ""; // the structure check says so
        }

        Span<byte> head = stackalloc byte[4];
        BinaryPrimitives.WriteUInt16BigEndian(head, (ushort)(option.Number("class")?.Value ?? 0));
        head[2] = (byte)(option.Number("type")?.Value ?? 0);
        head[3] = (byte)(data.Length / WordDigits);
        return Convert.ToHexStringLower(head) + data;
    }
}
