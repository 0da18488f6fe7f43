using System.Numerics;

namespace Weir.Compiler.Rings;

/// <summary>Binary logarithms with 40 bits behind the point, in integers: the same on every machine. A table of log2(1 + i/4096), made by squaring, and straight
/// lines between its entries: off by less than 1.3e-4 of a logarithm, however near to 0 it is, and never out of order.</summary>
public static class BinaryLogarithm
{
    /// <summary>Bits behind the point.</summary>
    public const int FractionBits = 40;

    private const int TableBits = 12;

    private static readonly ulong[] Table = [.. Enumerable.Range(0, (1 << TableBits) + 1).Select(i => OfMantissa((uint)i))];

    /// <summary>-log2(x / 2^64), 0 to 65: the less, the higher x is.</summary>
    public static ulong OfInverse(ulong x)
    {
        x |= 1;
        int zeros = BitOperations.LeadingZeroCount(x);
        x <<= zeros;
        uint at = (uint)(x >> (63 - TableBits)) & ((1 << TableBits) - 1);
        ulong between = (x >> (31 - TableBits)) & uint.MaxValue;
        ulong logarithm = Table[at] + (((Table[at + 1] - Table[at]) * between) >> 32);
        return ((ulong)(zeros + 1) << FractionBits) - logarithm;
    }

    /// <summary>log2(1 + i/4096), rounded down: squaring a number doubles its logarithm, so each square that reaches 2 is one more bit.</summary>
    private static ulong OfMantissa(uint i)
    {
        if (i == 1 << TableBits)
        {
            return 1ul << FractionBits;
        }

        ulong x = (ulong)((1 << TableBits) + i) << (63 - TableBits); // 1 is 2^63
        ulong logarithm = 0;
        for (int bit = FractionBits - 1; bit >= 0; bit--)
        {
            ulong high = Math.BigMul(x, x, out ulong low); // 1 is 2^62 of it
            bool two = high >> 63 == 1;
            x = two ? high : (high << 1) | (low >> 63);
            logarithm |= (two ? 1ul : 0) << bit;
        }

        return logarithm;
    }
}
