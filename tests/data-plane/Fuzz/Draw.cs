using System.Collections.Immutable;
using System.Globalization;
using CsCheck;

namespace Weir.DataPlaneTests.Fuzz;

/// <summary>Values drawn one after the other from CsCheck's generators. The same seed and index give the same values.</summary>
internal sealed class Draw(ulong seed, int index)
{
    private readonly PCG random = new((uint)index, seed);

    public T From<T>(Gen<T> generator) => generator.Generate(random, null, out _);

    /// <summary>Both ends are included.</summary>
    public int Int(int first, int last) => From(Gen.Int[first, last]);

    public byte Byte() => From(Gen.Byte);

    public ushort UShort() => From(Gen.UShort);

    public uint UInt() => From(Gen.UInt);

    public bool Chance(int percent) => Int(0, 99) < percent;

    public T OneOf<T>(ImmutableArray<T> items) => items[Int(0, items.Length - 1)];

    public T Pick<T>(params ReadOnlySpan<T> items) => items[Int(0, items.Length - 1)];

    public byte[] Bytes(int count) => From(Gen.Byte.Array[count]);

    /// <summary>Draws by weights, which are parts of their sum.</summary>
    public T Weighted<T>(params ReadOnlySpan<(int Weight, T Value)> choices)
    {
        int total = 0;
        foreach ((int weight, _) in choices)
        {
            total += weight;
        }

        int at = Int(0, total - 1);
        foreach ((int weight, T value) in choices)
        {
            if (at < weight)
            {
                return value;
            }

            at -= weight;
        }

        throw new InvalidOperationException(string.Create(CultureInfo.InvariantCulture, $"{at} is beyond all weights."));
    }
}
