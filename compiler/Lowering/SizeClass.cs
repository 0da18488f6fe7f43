using System.Numerics;

namespace Weir.Compiler.Lowering;

/// <summary>Lengths of arrays in the program. They are part of its C text, so they leave room: growing within a class is not a new
/// program.</summary>
public static class SizeClass
{
    private const int Least = 16;

    /// <summary>The smallest power of two with a quarter of room above <paramref name="used"/>, at least 16; 0 for none.</summary>
    public static int WithRoom(int used) => used == 0 ? 0 : Exact(Math.Max(Least, checked(used + ((used + 3) / 4))));

    /// <summary>The smallest power of two that holds <paramref name="used"/>; 0 for none.</summary>
    public static int Exact(int used) => used == 0 ? 0 : checked((int)BitOperations.RoundUpToPowerOf2((uint)used));

    /// <summary>log2 of the rows of a perfect hash with so many addresses: twice as many and room for a quarter more.</summary>
    public static int VipBits(int addresses) => BitOperations.Log2((uint)WithRoom(checked(2 * addresses)));

    /// <summary>How many addresses the class of this many has room for without growing.</summary>
    public static int AddressRoom(int addresses) => (1 << VipBits(addresses)) * 2 / 5;

    /// <summary>log2 of the service rows of an address with so many.</summary>
    public static int ServiceSteps(int services) => BitOperations.Log2(BitOperations.RoundUpToPowerOf2((uint)services));
}
