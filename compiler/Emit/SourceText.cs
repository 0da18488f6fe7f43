using System.Buffers.Binary;
using Scriban.Runtime;
using Weir.Compiler.Lowering;
using Weir.Compiler.Topologies;

namespace Weir.Compiler.Emit;

/// <summary>Outer sources in the C text, where a family has only one: constants.</summary>
internal static class SourceText
{
    public static ScriptObject Of4(OuterSource source) => new()
    {
        ["text"] = AddressText.OfSource(source),
        ["value"] = $"0x{BinaryPrimitives.ReadUInt32BigEndian(source.Address.GetAddressBytes()):x8}u",
        ["entropy"] = $"0x{OuterSources.Entropy(source):x8}u",
    };

    public static ScriptObject Of6(OuterSource source)
    {
        byte[] bytes = source.Address.GetAddressBytes();
        return new ScriptObject
        {
            ["text"] = AddressText.OfSource(source),
            ["high"] = $"0x{BinaryPrimitives.ReadUInt64LittleEndian(bytes):x16}ull",
            ["low"] = $"0x{BinaryPrimitives.ReadUInt64LittleEndian(bytes.AsSpan(8)):x16}ull",
            ["entropy"] = $"0x{OuterSources.Entropy(source):x8}u",
        };
    }
}
