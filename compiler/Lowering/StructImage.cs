using System.Buffers.Binary;

namespace Weir.Compiler.Lowering;

/// <summary>Stores values into the bytes of an array of structures, at the offsets of their layout, little-endian.</summary>
public readonly ref struct StructImage(Span<byte> bytes, CStruct layout)
{
    private readonly Span<byte> bytes = bytes;

    /// <param name="row">Index of the structure.</param>
    /// <exception cref="ArgumentException">The member is not a single number.</exception>
    /// <exception cref="OverflowException">The member is too small for the value.</exception>
    public void Set(int row, string member, ulong value)
    {
        CMember at = layout[member];
        Span<byte> place = Place(row, at);
        switch (at.Size)
        {
            case 1: place[0] = checked((byte)value); break;
            case 2: BinaryPrimitives.WriteUInt16LittleEndian(place, checked((ushort)value)); break;
            case 4: BinaryPrimitives.WriteUInt32LittleEndian(place, checked((uint)value)); break;
            case 8: BinaryPrimitives.WriteUInt64LittleEndian(place, value); break;
            default: throw new ArgumentException($"{layout.Name}.{member} is not a number.", nameof(member));
        }
    }

    /// <summary>Bytes of a packet's field, as they lie there; the rest of the member stays.</summary>
    public void SetBytes(int row, string member, ReadOnlySpan<byte> value) => value.CopyTo(Place(row, layout[member]));

    /// <summary>All bytes of a member.</summary>
    public Span<byte> Place(int row, CMember member) => bytes.Slice((row * layout.Size) + member.Offset, member.Size);
}
