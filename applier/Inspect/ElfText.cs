using System.Buffers.Binary;

namespace Weir.Applier.Inspect;

/// <summary>Counts instructions in an object file without asking the kernel.</summary>
internal static class ElfText
{
    private const int SectionsAt = 0x28, EntrySizeAt = 0x3a, CountAt = 0x3c; // Elf64_Ehdr: e_shoff, e_shentsize, e_shnum
    private const int TypeAt = 4, FlagsAt = 8, SizeAt = 32; // Elf64_Shdr
    private const uint ProgramBits = 1;
    private const ulong Executable = 4;
    private const int InstructionBytes = 8;

    /// <summary>Of all executable sections: the program and the functions it calls, which loading puts behind it.</summary>
    /// <param name="elf">A 64-bit little-endian object, as clang makes for BPF.</param>
    /// <exception cref="ArgumentOutOfRangeException">It is cut short.</exception>
    public static long Instructions(ReadOnlySpan<byte> elf)
    {
        int sections = checked((int)BinaryPrimitives.ReadUInt64LittleEndian(elf[SectionsAt..]));
        int entry = BinaryPrimitives.ReadUInt16LittleEndian(elf[EntrySizeAt..]);
        int count = BinaryPrimitives.ReadUInt16LittleEndian(elf[CountAt..]);
        ulong bytes = 0;
        for (int i = 0; i < count; i++)
        {
            ReadOnlySpan<byte> section = elf.Slice(sections + (i * entry), entry);
            if (BinaryPrimitives.ReadUInt32LittleEndian(section[TypeAt..]) == ProgramBits
                && (BinaryPrimitives.ReadUInt64LittleEndian(section[FlagsAt..]) & Executable) != 0)
            {
                bytes += BinaryPrimitives.ReadUInt64LittleEndian(section[SizeAt..]);
            }
        }

        return (long)bytes / InstructionBytes;
    }
}
