using System.Runtime.InteropServices;
using System.Text;

namespace Weir.Applier.Libbpf;

/// <summary>A BPF object file: opened, given its initial data, then loaded into the kernel. Programs and maps taken from it have handles of
/// their own and outlive it.</summary>
public sealed unsafe class BpfObject : IDisposable
{
    private const int XdpProgramType = 6;
    private const int XdpAttachType = 37;

    private readonly ObjectHandle _handle;
    private bool _loaded;

    private BpfObject(ObjectHandle handle, string name)
    {
        _handle = handle;
        Name = name;
        Btf = Btf.Read(Imports.bpf_object__btf(handle));
    }

    /// <summary>The object's name; the kernel's names of its data maps begin with it.</summary>
    public string Name { get; }

    /// <summary>The object's types, with the offsets its sections have been given.</summary>
    public Btf Btf { get; }

    /// <summary>Opens an object file; its name is the file's up to the first dot.</summary>
    public static BpfObject Open(string path)
    {
        string file = Path.GetFileName(path);
        return Open(File.ReadAllBytes(path), file.Split('.')[0]);
    }

    /// <summary>Opens an object from its bytes. Every XDP program is given the attach type XDP: a link can
    /// be updated only between programs that agree on it.</summary>
    /// <exception cref="BpfException">It is no BPF object, or one that libbpf cannot read.</exception>
    public static BpfObject Open(ReadOnlySpan<byte> elf, string name = "weir")
    {
        byte[] cName = Encoding.UTF8.GetBytes(name + '\0');
        fixed (byte* bytes = elf, namePointer = cName)
        {
            ObjectOpenOptions options = new() { Size = (nuint)sizeof(ObjectOpenOptions), ObjectName = namePointer };
            nint start = (nint)bytes;
            nint optionsStart = (nint)(&options);
            nuint size = (nuint)elf.Length;
            nint opened = Proxy.CallPointer(
                $"open the BPF object {name}",
                () => Imports.bpf_object__open_mem((byte*)start, size, (ObjectOpenOptions*)optionsStart));
            ObjectHandle handle = new(opened);
            for (nint program = 0; (program = Imports.bpf_object__next_program(handle, program)) != 0;)
            {
                if (Imports.bpf_program__type(program) == XdpProgramType)
                {
                    _ = Imports.bpf_program__set_expected_attach_type(program, XdpAttachType);
                }
            }

            return new BpfObject(handle, name);
        }
    }

    /// <summary>Names of the programs, in the object's order.</summary>
    public IReadOnlyList<string> Programs
    {
        get
        {
            List<string> names = [];
            for (nint program = 0; (program = Imports.bpf_object__next_program(_handle, program)) != 0;)
            {
                names.Add(Marshal.PtrToStringUTF8(Imports.bpf_program__name(program))!);
            }

            return names;
        }
    }

    /// <summary>Every map with its value's size in bytes, in the object's order. Data maps have their section's name, as <c>.data.vip</c>.</summary>
    public IReadOnlyList<(string Name, int ValueSize)> Maps
    {
        get
        {
            List<(string, int)> maps = [];
            for (nint map = 0; (map = Imports.bpf_object__next_map(_handle, map)) != 0;)
            {
                maps.Add((Marshal.PtrToStringUTF8(Imports.bpf_map__name(map))!, (int)Imports.bpf_map__value_size(map)));
            }

            return maps;
        }
    }

    /// <summary>Sets what a data map holds when the object is loaded.</summary>
    /// <param name="map">A section, as <c>.data.vip</c>.</param>
    /// <param name="value">Exactly the section's size.</param>
    public void SetInitialValue(string map, ReadOnlySpan<byte> value)
    {
        nint found = FindMap(map);
        int size = (int)Imports.bpf_map__value_size(found);
        if (value.Length != size)
        {
            throw new BpfException(
                $"fill {map} of {Name}",
                Errno.InvalidArgument,
                null,
                $"The image has {value.Length} bytes, the program's section {size}: they were not made for each other.");
        }

        fixed (byte* bytes = value)
        {
            int code = Imports.bpf_map__set_initial_value(found, bytes, (nuint)value.Length);
            if (code < 0)
            {
                throw Proxy.Error($"fill {map} of {Name}", -code, null, _ => _loaded ? "The object is loaded already." : "It is no data section.");
            }
        }
    }

    /// <summary>Takes a map that is there already instead of creating one.</summary>
    /// <param name="map">Of the object, of the same kind and sizes.</param>
    /// <param name="existing">The object keeps a handle of its own.</param>
    public void Reuse(string map, BpfMap existing) =>
        Proxy.Call($"take over {map} for {Name}", () => Imports.bpf_map__reuse_fd(FindMap(map), existing.Fd));

    /// <summary>Creates the maps and has the kernel verify and compile the programs.</summary>
    /// <exception cref="BpfException">With the verifier's whole log where it was the verifier that refused.</exception>
    public void Load()
    {
        Proxy.Call($"load {Name}", () => Imports.bpf_object__load(_handle), errno => errno switch
        {
            Errno.NoMemory => "The maps do not fit into the kernel's memory or the cgroup's limit.",
            _ => null,
        });
        _loaded = true;
    }

    /// <summary>A loaded program, with a handle of its own.</summary>
    public BpfProgram Program(string name)
    {
        nint program = Imports.bpf_object__find_program_by_name(_handle, name);
        return program != 0
            ? new BpfProgram(Proxy.Duplicate(Loaded(Imports.bpf_program__fd(program), name), DescriptorKind.Program))
            : throw new BpfException($"find the program {name} in {Name}", Errno.NoEntry, null, $"It has {List(Programs)}.");
    }

    /// <summary>A created map, with a handle of its own.</summary>
    public BpfMap Map(string name) =>
        new(Proxy.Duplicate(Loaded(Imports.bpf_map__fd(FindMap(name)), name), DescriptorKind.Map));

    public void Dispose() => _handle.Dispose();

    private nint FindMap(string name)
    {
        nint map = Imports.bpf_object__find_map_by_name(_handle, name);
        return map != 0 ? map : throw new BpfException($"find the map {name} in {Name}", Errno.NoEntry, null, $"It has {List(Maps.Select(m => m.Name))}.");
    }

    private int Loaded(int descriptor, string name) =>
        descriptor >= 0 ? descriptor : throw new BpfException($"use {name} of {Name}", Errno.InvalidArgument, null, "The object is not loaded.");

    private static string List(IEnumerable<string> names) => string.Join(", ", names) is { Length: > 0 } list ? list : "none";
}
