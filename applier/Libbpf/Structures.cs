using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace Weir.Applier.Libbpf;

// Options of libbpf (libbpf.h and bpf.h of 1.1; Size names how much of the structure the caller knows) and
// the kernel's info structures (include/uapi/linux/bpf.h of 6.1, the oldest kernel we support; newer ones only append).

[StructLayout(LayoutKind.Sequential)]
internal unsafe struct ObjectOpenOptions
{
    public nuint Size;
    public byte* ObjectName;
}

[StructLayout(LayoutKind.Sequential)]
internal unsafe struct TestRunOptions
{
    public nuint Size;
    public byte* DataIn;
    public byte* DataOut;
    public uint DataSizeIn;
    public uint DataSizeOut;
    public void* ContextIn;
    public void* ContextOut;
    public uint ContextSizeIn;
    public uint ContextSizeOut;
    public uint ReturnValue;
    public int Repeat;
    public uint Duration;
    public uint Flags;
    public uint Cpu;
    public uint BatchSize;
}

/// <summary><c>struct xdp_md</c>.</summary>
[StructLayout(LayoutKind.Sequential)]
internal struct XdpContext
{
    public uint Data;
    public uint DataEnd;
    public uint DataMeta;
    public uint IngressInterface;
    public uint ReceiveQueue;
    public uint EgressInterface;
}

[StructLayout(LayoutKind.Sequential)]
internal struct LinkCreateOptions
{
    public nuint Size;
    public uint Flags;
}

[StructLayout(LayoutKind.Sequential)]
internal struct LinkUpdateOptions
{
    public nuint Size;
    public uint Flags;
    public int OldProgram;
}

[StructLayout(LayoutKind.Sequential)]
internal struct XdpQueryOptions
{
    public nuint Size;
    public uint ProgramId;
    public uint NativeProgramId;
    public uint HardwareProgramId;
    public uint GenericProgramId;
    public byte AttachMode;
}

[InlineArray(16)]
internal struct ObjectName
{
    private byte _first;
}

/// <summary><c>struct bpf_prog_info</c>.</summary>
[StructLayout(LayoutKind.Sequential)]
internal struct ProgramInfoRecord
{
    public uint Type;
    public uint Id;
    public ulong Tag;
    public uint JitedLength;
    public uint TranslatedLength;
    public ulong JitedInstructions;
    public ulong TranslatedInstructions;
    public ulong LoadTime;
    public uint CreatedByUid;
    public uint MapCount;
    public ulong MapIds;
    public ObjectName Name;
    public uint InterfaceIndex;
    public uint GplCompatible;
    public ulong NamespaceDevice;
    public ulong NamespaceInode;
    public uint JitedSymbolCount;
    public uint JitedFunctionCount;
    public ulong JitedSymbols;
    public ulong JitedFunctionLengths;
    public uint BtfId;
    public uint FunctionInfoRecordSize;
    public ulong FunctionInfo;
    public uint FunctionInfoCount;
    public uint LineInfoCount;
    public ulong LineInfo;
    public ulong JitedLineInfo;
    public uint JitedLineInfoCount;
    public uint LineInfoRecordSize;
    public uint JitedLineInfoRecordSize;
    public uint TagCount;
    public ulong Tags;
    public ulong RunTime;
    public ulong RunCount;
    public ulong RecursionMisses;
    public uint VerifiedInstructions;
    public uint AttachBtfObjectId;
    public uint AttachBtfId;
    public uint Padding;
}

/// <summary><c>struct bpf_map_info</c>.</summary>
[StructLayout(LayoutKind.Sequential)]
internal struct MapInfoRecord
{
    public uint Type;
    public uint Id;
    public uint KeySize;
    public uint ValueSize;
    public uint MaxEntries;
    public uint Flags;
    public ObjectName Name;
    public uint InterfaceIndex;
    public uint KernelValueType;
    public ulong NamespaceDevice;
    public ulong NamespaceInode;
    public uint BtfId;
    public uint BtfKeyType;
    public uint BtfValueType;
    public uint Padding;
    public ulong Extra;
}

/// <summary><c>struct bpf_link_info</c> of an XDP link; the union's longest member has 40 bytes.</summary>
[StructLayout(LayoutKind.Sequential, Size = 56)]
internal struct LinkInfoRecord
{
    public uint Type;
    public uint Id;
    public uint ProgramId;
    public uint Padding;
    public uint InterfaceIndex;
}
