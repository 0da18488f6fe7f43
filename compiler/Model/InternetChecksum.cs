using System.Buffers.Binary;

namespace Weir.Compiler.Model;

/// <summary>The Internet checksum (RFC 1071).</summary>
public static class InternetChecksum
{
    /// <summary>Checksum over bytes whose own checksum field is zero; an odd last byte counts as the upper half of a word.</summary>
    /// <param name="sum">Words to begin with: the sum of a pseudo header, or 0.</param>
    public static ushort Of(ReadOnlySpan<byte> bytes, ulong sum = 0) => (ushort)~Fold(Sum(bytes, sum));

    /// <summary>Sum of the 16-bit words, not folded.</summary>
    public static ulong Sum(ReadOnlySpan<byte> bytes, ulong sum = 0)
    {
        for (; bytes.Length >= 2; bytes = bytes[2..])
        {
            sum += BinaryPrimitives.ReadUInt16BigEndian(bytes);
        }

        return bytes.Length == 1 ? sum + ((ulong)bytes[0] << 8) : sum;
    }

    /// <summary>Sum of an IPv6 pseudo header (RFC 8200, section 8.1).</summary>
    public static ulong PseudoHeaderV6(ReadOnlySpan<byte> source, ReadOnlySpan<byte> destination, int length, byte protocol) =>
        Sum(source) + Sum(destination) + (ulong)length + protocol;

    /// <summary>The checksum after one word changed: HC' = ~(~HC + ~m + m') (RFC 1624, equation 3).</summary>
    public static ushort Update(ushort checksum, ushort before, ushort after) =>
        (ushort)~Fold((ulong)(ushort)~checksum + (ushort)~before + after);

    private static ushort Fold(ulong sum)
    {
        while (sum >> 16 != 0)
        {
            sum = (sum & 0xffff) + (sum >> 16);
        }

        return (ushort)sum;
    }
}
