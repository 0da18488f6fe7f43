namespace Weir.Applier.Libbpf;

/// <summary>What the kernel says of a map.</summary>
/// <param name="Type">BPF_MAP_TYPE_*; 2 is an array, which data sections are, 3 a program array.</param>
/// <param name="Name">At most 15 characters.</param>
/// <param name="KeySize">Bytes.</param>
/// <param name="ValueSize">Bytes.</param>
public sealed record BpfMapInfo(uint Id, uint Type, string Name, int KeySize, int ValueSize, int MaxEntries, uint Flags);

/// <summary>A created map.</summary>
public sealed unsafe class BpfMap : IDisposable
{
    private const uint ProgramArray = 3;

    internal BpfMap(DescriptorHandle handle)
    {
        Handle = handle;
        MapInfoRecord info = handle.Info<MapInfoRecord>();
        Info = new BpfMapInfo(info.Id, info.Type, DescriptorHandle.Text(info.Name), (int)info.KeySize, (int)info.ValueSize, (int)info.MaxEntries, info.Flags);
    }

    /// <summary>The descriptor; it belongs to this object.</summary>
    public int Fd => Handle.Number;

    public BpfMapInfo Info { get; }

    internal DescriptorHandle Handle { get; }

    public static BpfMap OpenPinned(string path) => new(DescriptorHandle.OpenPinned(path, DescriptorKind.Map));

    public static BpfMap OpenId(uint id) =>
        new(new DescriptorHandle(Proxy.Call($"open the map with id {id}", () => Imports.bpf_map_get_fd_by_id(id)), DescriptorKind.Map));

    /// <summary>Maps the value into this process: what is stored there is what the program reads. The mapping outlives this object.</summary>
    /// <param name="writable">False for maps that are only read.</param>
    public MapMapping Mmap(bool writable = true) => MapMapping.Create(this, writable);

    /// <summary>Writes an element, a new or an old one.</summary>
    /// <param name="key"><see cref="BpfMapInfo.KeySize"/> bytes.</param>
    /// <param name="value"><see cref="BpfMapInfo.ValueSize"/> bytes.</param>
    public void Update(ReadOnlySpan<byte> key, ReadOnlySpan<byte> value)
    {
        Check(key.Length, value.Length);
        fixed (byte* keyStart = key, valueStart = value)
        {
            Throw("update", Imports.bpf_map_update_elem(Handle, keyStart, valueStart, 0));
        }
    }

    /// <summary>Reads an element. False when there is none.</summary>
    public bool Lookup(ReadOnlySpan<byte> key, Span<byte> value)
    {
        Check(key.Length, value.Length);
        fixed (byte* keyStart = key, valueStart = value)
        {
            int code = Imports.bpf_map_lookup_elem(Handle, keyStart, valueStart);
            if (code != -Errno.NoEntry)
            {
                Throw("look up", code);
            }

            return code == 0;
        }
    }

    /// <summary>Deletes an element. False when there was none.</summary>
    public bool Delete(ReadOnlySpan<byte> key)
    {
        Check(key.Length, Info.ValueSize);
        fixed (byte* keyStart = key)
        {
            int code = Imports.bpf_map_delete_elem(Handle, keyStart);
            if (code != -Errno.NoEntry)
            {
                Throw("delete", code);
            }

            return code == 0;
        }
    }

    /// <summary>Puts a program into a slot of a program array, for tail calls.</summary>
    public void SetProgram(uint index, BpfProgram program)
    {
        if (Info.Type != ProgramArray)
        {
            throw new BpfException($"put a program into {Info.Name}", Errno.InvalidArgument, null, "It is no program array.");
        }

        int descriptor = program.Fd;
        Throw("update", Imports.bpf_map_update_elem(Handle, (byte*)&index, (byte*)&descriptor, 0));
        GC.KeepAlive(program);
    }

    /// <summary>Pins the map in a bpffs, so that it outlives this process.</summary>
    public void Pin(string path) => Handle.Pin(path);

    public void Dispose() => Handle.Dispose();

    private void Check(int key, int value)
    {
        if (key != Info.KeySize || value != Info.ValueSize)
        {
            throw new ArgumentException($"{Info.Name} has keys of {Info.KeySize} and values of {Info.ValueSize} bytes, not {key} and {value}.");
        }
    }

    private void Throw(string verb, int code)
    {
        if (code < 0)
        {
            throw Proxy.Error($"{verb} an element of {Info.Name}", -code);
        }
    }
}
