using System.Collections.Immutable;
using System.Runtime.InteropServices;

namespace Weir.Applier.Libbpf;

/// <summary>A structure's member; offset and size in bytes. A bit-field's size is 0.</summary>
public sealed record BtfMember(string Name, int Offset, int Size);

public sealed record BtfStruct(string Name, int Size, ImmutableArray<BtfMember> Members);

/// <summary>A variable in a section; offset and size in bytes.</summary>
public sealed record BtfVariable(string Name, int Offset, int Size);

public sealed record BtfSection(string Name, int Size, ImmutableArray<BtfVariable> Variables);

/// <summary>The types of an object that its images depend on, read from its BTF (Documentation/bpf/btf.rst, kernel 6.1).</summary>
public sealed unsafe class Btf
{
    private const uint StructKind = 4;
    private const uint DataSectionKind = 15;

    /// <summary>By name; anonymous structures are left out.</summary>
    public required ImmutableSortedDictionary<string, BtfStruct> Structs { get; init; }

    /// <summary>By name, as <c>.data.vip</c>.</summary>
    public required ImmutableSortedDictionary<string, BtfSection> Sections { get; init; }

    /// <summary>Copies what is needed; null gives an empty one.</summary>
    internal static Btf Read(nint btf)
    {
        var structs = ImmutableSortedDictionary.CreateBuilder<string, BtfStruct>(StringComparer.Ordinal);
        var sections = ImmutableSortedDictionary.CreateBuilder<string, BtfSection>(StringComparer.Ordinal);
        uint count = btf == 0 ? 0 : Imports.btf__type_cnt(btf);
        for (uint id = 1; id < count; id++)
        {
            // A type is name, info (count in bits 0 to 15, kind in 24 to 28, flag in 31) and size, followed by triples.
            uint* type = Imports.btf__type_by_id(btf, id);
            string name = Name(btf, type[0]);
            int items = (int)(type[1] & 0xffff);
            switch (type[1] >> 24 & 0x1f)
            {
                case StructKind when name.Length > 0 && !structs.ContainsKey(name):
                    structs.Add(name, new BtfStruct(name, (int)type[2], Members(btf, type + 3, items, type[1] >> 31 != 0)));
                    break;
                case DataSectionKind:
                    sections[name] = new BtfSection(name, (int)type[2], Variables(btf, type + 3, items));
                    break;
            }
        }

        return new Btf { Structs = structs.ToImmutable(), Sections = sections.ToImmutable() };
    }

    private static ImmutableArray<BtfMember> Members(nint btf, uint* items, int count, bool bitFields)
    {
        var members = ImmutableArray.CreateBuilder<BtfMember>(count);
        for (int i = 0; i < count; i++)
        {
            uint* item = items + (3 * i);
            bool bits = bitFields && item[2] >> 24 != 0;
            uint offset = (bitFields ? item[2] & 0xffffff : item[2]);
            members.Add(new BtfMember(Name(btf, item[0]), (int)(offset / 8), bits ? 0 : (int)Imports.btf__resolve_size(btf, item[1])));
        }

        return members.MoveToImmutable();
    }

    private static ImmutableArray<BtfVariable> Variables(nint btf, uint* items, int count)
    {
        var variables = ImmutableArray.CreateBuilder<BtfVariable>(count);
        for (int i = 0; i < count; i++)
        {
            uint* item = items + (3 * i);
            variables.Add(new BtfVariable(Name(btf, Imports.btf__type_by_id(btf, item[0])[0]), (int)item[1], (int)item[2]));
        }

        return variables.MoveToImmutable();
    }

    private static string Name(nint btf, uint offset) => Marshal.PtrToStringUTF8(Imports.btf__name_by_offset(btf, offset)) ?? "";
}
