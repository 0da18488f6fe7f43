using System.Collections.Immutable;

namespace Weir.Compiler.Lowering;

/// <summary>A C type as it lies in memory.</summary>
/// <param name="Name">As written in C: <c>__u32</c>, <c>struct weir_vip4</c>.</param>
/// <param name="Size">Bytes.</param>
public sealed record LayoutType(string Name, int Size, int Align)
{
    public static LayoutType U8 { get; } = new("__u8", 1, 1);

    public static LayoutType U16 { get; } = new("__u16", 2, 2);

    public static LayoutType U32 { get; } = new("__u32", 4, 4);

    public static LayoutType U64 { get; } = new("__u64", 8, 8);
}

/// <param name="Count">Elements of an array, or null for a single value.</param>
/// <param name="Offset">Bytes from the structure's start.</param>
/// <param name="Size">Bytes, of all elements.</param>
public sealed record CMember(string Name, LayoutType Type, int? Count, int Offset, int Size)
{
    /// <summary>As declared in C, without the semicolon.</summary>
    public string Declaration => Count is int count ? $"{Type.Name} {Name}[{count}]" : $"{Type.Name} {Name}";
}

/// <summary>A C structure laid out as the System V ABIs and clang's BPF target do: each member at the next multiple of its
/// alignment, the size a multiple of the largest.</summary>
/// <param name="Name">Without <c>struct</c>.</param>
public sealed record CStruct(string Name, ImmutableArray<CMember> Members, int Size, int Align)
{
    public LayoutType Type => new($"struct {Name}", Size, Align);

    /// <param name="minAlign">Of an <c>aligned</c> attribute, or 1.</param>
    public static CStruct Lay(string name, int minAlign, params ReadOnlySpan<(string Name, LayoutType Type, int? Count)> members)
    {
        var laid = ImmutableArray.CreateBuilder<CMember>(members.Length);
        int at = 0;
        int align = minAlign;
        foreach ((string member, LayoutType type, int? count) in members)
        {
            at = Up(at, type.Align);
            int size = checked(type.Size * (count ?? 1));
            laid.Add(new CMember(member, type, count, at, size));
            at = checked(at + size);
            align = Math.Max(align, type.Align);
        }

        return new CStruct(name, laid.ToImmutable(), Up(at, align), align);
    }

    /// <exception cref="KeyNotFoundException">There is no such member.</exception>
    public CMember this[string member] =>
        Members.FirstOrDefault(m => m.Name == member) ?? throw new KeyNotFoundException($"struct {Name} has no member {member}.");

    private static int Up(int value, int align) => checked(value + align - 1) / align * align;
}
