using System.Buffers.Binary;
using System.Globalization;
using Scriban.Runtime;
using Weir.Compiler.Lookup;
using Weir.Compiler.Lowering;

namespace Weir.Compiler.Emit;

/// <summary>Addresses and prefixes as the C text compares them: an IPv4 address as one word, an IPv6 address as two, each as it lies in the packet.</summary>
internal static class PrefixText
{
    /// <summary><c>203.0.113.10</c> or <c>203.0.113.0/28</c>.</summary>
    public static string Of(AddressServices address) => address.IsRange
        ? string.Create(CultureInfo.InvariantCulture, $"{address.Address}/{address.Length}")
        : address.Address.ToString();

    /// <summary>Whether the variable <c>address</c> lies in it.</summary>
    public static string Condition(AddressServices address)
    {
        byte[] bytes = address.Address.GetAddressBytes();
        byte[] mask = PrefixBits.Mask(address.Length, bytes.Length);
        return bytes.Length == 4
            ? address.IsRange
                ? $"(address & swap32({Word4(mask)})) == swap32({Word4(bytes)})"
                : $"address == swap32({Word4(bytes)})"
            : string.Join(" && ", new[] { 0, 1 }.Select(half => Compare(half, mask, bytes)).OfType<string>());
    }

    /// <summary>How the key of a range is made from an address: its prefix, and the bit that tells its length.</summary>
    public static ScriptObject Probe(int length, bool isV6)
    {
        int size = isV6 ? 16 : 4;
        bool single = length == size * 8;
        byte[] mask = PrefixBits.Mask(length, size);
        byte[] marker = single ? new byte[size] : PrefixBits.Marker(length, size);
        ScriptObject probe = new() { ["single"] = single, ["length"] = length };
        if (isV6)
        {
            probe["high"] = Key(0, mask, marker);
            probe["low"] = Key(1, mask, marker);
        }
        else
        {
            probe["key"] = $"(address & swap32({Word4(mask)})) | swap32({Word4(marker)})";
        }

        return probe;
    }

    private static string? Compare(int half, byte[] mask, byte[] bytes) => Word6(half, mask) switch
    {
        0 => null,
        ulong.MaxValue => $"address[{half}] == {Hex(Word6(half, bytes))}",
        ulong bits => $"(address[{half}] & {Hex(bits)}) == {Hex(Word6(half, bytes))}",
    };

    private static string Key(int half, byte[] mask, byte[] marker) => (Word6(half, mask), Word6(half, marker)) switch
    {
        (0, ulong bit) => Hex(bit),
        (ulong.MaxValue, 0) => $"address[{half}]",
        (ulong bits, ulong bit) => $"(address[{half}] & {Hex(bits)}) | {Hex(bit)}",
    };

    private static string Word4(byte[] bytes) => $"0x{BinaryPrimitives.ReadUInt32BigEndian(bytes):x8}u";

    private static ulong Word6(int half, byte[] bytes) => BinaryPrimitives.ReadUInt64LittleEndian(bytes.AsSpan(8 * half));

    private static string Hex(ulong value) => $"0x{value:x16}ull";
}
