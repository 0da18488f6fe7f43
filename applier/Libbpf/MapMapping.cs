using System.Runtime.InteropServices;

namespace Weir.Applier.Libbpf;

/// <summary>A data map's value in this process's memory. Stores are whole: a packet that is processed meanwhile
/// reads the old or the new integer, never a mixture, and sees stores in the order they were made in.</summary>
public sealed unsafe class MapMapping : SafeHandle
{
    private const uint Mmapable = 1 << 10;

    private readonly string? _origin = HandleLeaks.Origin();
    private readonly nuint _mapped;

    private MapMapping(nint address, int length, nuint mapped, bool writable)
        : base(-1, ownsHandle: true)
    {
        SetHandle(address);
        Length = length;
        _mapped = mapped;
        Writable = writable;
    }

    public override bool IsInvalid => handle == -1;

    /// <summary>Bytes of the value.</summary>
    public int Length { get; }

    public bool Writable { get; }

    /// <summary>The value's bytes, for copying whole images and for reading. It must not be used after disposal,
    /// nor be written through when the mapping is not writable.</summary>
    public Span<byte> Bytes => new(Address(), Length);

    internal static MapMapping Create(BpfMap map, bool writable)
    {
        if ((map.Info.Flags & Mmapable) == 0)
        {
            throw new BpfException($"map {map.Info.Name} into memory", Errno.InvalidArgument, null, "It is no data section.");
        }

        // The kernel pads values to eight bytes and the whole to pages (array_map_alloc).
        long length = (long)map.Info.MaxEntries * ((map.Info.ValueSize + 7) & ~7);
        nuint mapped = (nuint)((length + Environment.SystemPageSize - 1) / Environment.SystemPageSize * Environment.SystemPageSize);
        nint address = LibC.mmap(0, mapped, writable ? LibC.ProtRead | LibC.ProtWrite : LibC.ProtRead, LibC.MapShared, map.Handle, 0);
        return address != -1
            ? new MapMapping(address, map.Info.MaxEntries == 1 ? map.Info.ValueSize : (int)length, mapped, writable)
            : throw Proxy.Error(
                $"map {map.Info.Name} into memory",
                Marshal.GetLastPInvokeError(),
                null,
                errno => errno == Errno.NotPermitted ? "It is frozen: read only." : null);
    }

    public void Store8(int offset, byte value) => Volatile.Write(ref At<byte>(offset, store: true), value);

    /// <summary>Stores 16 bits; the offset is a multiple of two.</summary>
    public void Store16(int offset, ushort value) => Volatile.Write(ref At<ushort>(offset, store: true), value);

    /// <summary>Stores 32 bits; the offset is a multiple of four.</summary>
    public void Store32(int offset, uint value) => Volatile.Write(ref At<uint>(offset, store: true), value);

    /// <summary>Stores 64 bits; the offset is a multiple of eight.</summary>
    public void Store64(int offset, ulong value) => Volatile.Write(ref At<ulong>(offset, store: true), value);

    public byte Load8(int offset) => Volatile.Read(ref At<byte>(offset, store: false));

    public ushort Load16(int offset) => Volatile.Read(ref At<ushort>(offset, store: false));

    public uint Load32(int offset) => Volatile.Read(ref At<uint>(offset, store: false));

    public ulong Load64(int offset) => Volatile.Read(ref At<ulong>(offset, store: false));

    protected override bool ReleaseHandle() => LibC.munmap(handle, _mapped) == 0;

    protected override void Dispose(bool disposing)
    {
        if (!disposing && !IsClosed && !IsInvalid)
        {
            HandleLeaks.Report("A map's mapping", _origin);
        }

        base.Dispose(disposing);
    }

    private ref T At<T>(int offset, bool store)
        where T : unmanaged
    {
        if (offset % sizeof(T) != 0)
        {
            throw new ArgumentException($"Offset {offset} is not aligned to {sizeof(T)} bytes.", nameof(offset));
        }

        if (store && !Writable)
        {
            throw new InvalidOperationException("The map was mapped for reading.");
        }

        ArgumentOutOfRangeException.ThrowIfNegative(offset);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(offset, Length - sizeof(T));
        return ref *(T*)(Address() + offset);
    }

    private byte* Address() => IsClosed ? throw new ObjectDisposedException(nameof(MapMapping)) : (byte*)handle;
}
