using System.Runtime.InteropServices;

namespace Weir.Applier.Libbpf;

/// <summary>libbpf's functions as they are, nothing more: versions up to 1.1, which every supported distribution has. A function that
/// came later has to be looked up with <see cref="NativeLibrary.TryGetExport"/>. Functions return -errno; those
/// that return a pointer set errno.</summary>
internal static unsafe partial class Imports
{
    private const string Library = "libbpf.so.1";

    [LibraryImport(Library)]
    internal static partial nint libbpf_set_print(delegate* unmanaged<int, byte*, nint, int> print);

    [LibraryImport(Library, SetLastError = true)]
    internal static partial nint bpf_object__open_mem(byte* bytes, nuint size, ObjectOpenOptions* options);

    [LibraryImport(Library)]
    internal static partial void bpf_object__close(nint obj);

    [LibraryImport(Library)]
    internal static partial int bpf_object__load(ObjectHandle obj);

    [LibraryImport(Library)]
    internal static partial nint bpf_object__next_program(ObjectHandle obj, nint previous);

    [LibraryImport(Library)]
    internal static partial nint bpf_object__next_map(ObjectHandle obj, nint previous);

    [LibraryImport(Library, StringMarshalling = StringMarshalling.Utf8)]
    internal static partial nint bpf_object__find_program_by_name(ObjectHandle obj, string name);

    [LibraryImport(Library, StringMarshalling = StringMarshalling.Utf8)]
    internal static partial nint bpf_object__find_map_by_name(ObjectHandle obj, string name);

    [LibraryImport(Library)]
    internal static partial nint bpf_object__btf(ObjectHandle obj);

    [LibraryImport(Library)]
    internal static partial nint bpf_program__name(nint program);

    [LibraryImport(Library)]
    internal static partial int bpf_program__type(nint program);

    [LibraryImport(Library)]
    internal static partial int bpf_program__set_expected_attach_type(nint program, int type);

    [LibraryImport(Library)]
    internal static partial int bpf_program__fd(nint program);

    [LibraryImport(Library)]
    internal static partial nint bpf_map__name(nint map);

    [LibraryImport(Library)]
    internal static partial int bpf_map__fd(nint map);

    [LibraryImport(Library)]
    internal static partial uint bpf_map__value_size(nint map);

    [LibraryImport(Library)]
    [return: MarshalAs(UnmanagedType.U1)]
    internal static partial bool bpf_map__is_internal(nint map);

    [LibraryImport(Library)]
    internal static partial int bpf_map__reuse_fd(nint map, int descriptor);

    [LibraryImport(Library)]
    internal static partial int bpf_map__set_initial_value(nint map, byte* data, nuint size);

    [LibraryImport(Library, SetLastError = true)]
    internal static partial nint btf__load_vmlinux_btf();

    [LibraryImport(Library)]
    internal static partial void btf__free(nint btf);

    [LibraryImport(Library, StringMarshalling = StringMarshalling.Utf8)]
    internal static partial int btf__find_by_name_kind(nint btf, string name, uint kind);

    [LibraryImport(Library)]
    internal static partial uint btf__type_cnt(nint btf);

    [LibraryImport(Library)]
    internal static partial uint* btf__type_by_id(nint btf, uint id);

    [LibraryImport(Library)]
    internal static partial nint btf__name_by_offset(nint btf, uint offset);

    [LibraryImport(Library)]
    internal static partial long btf__resolve_size(nint btf, uint id);

    [LibraryImport(Library, StringMarshalling = StringMarshalling.Utf8)]
    internal static partial int bpf_obj_pin(DescriptorHandle descriptor, string path);

    [LibraryImport(Library, StringMarshalling = StringMarshalling.Utf8)]
    internal static partial int bpf_obj_get(string path);

    [LibraryImport(Library)]
    internal static partial int bpf_obj_get_info_by_fd(DescriptorHandle descriptor, void* info, uint* size);

    [LibraryImport(Library)]
    internal static partial int bpf_prog_get_fd_by_id(uint id);

    [LibraryImport(Library)]
    internal static partial int bpf_map_get_fd_by_id(uint id);

    [LibraryImport(Library)]
    internal static partial int bpf_prog_test_run_opts(DescriptorHandle program, TestRunOptions* options);

    [LibraryImport(Library)]
    internal static partial int bpf_map_update_elem(DescriptorHandle map, byte* key, byte* value, ulong flags);

    [LibraryImport(Library)]
    internal static partial int bpf_map_lookup_elem(DescriptorHandle map, byte* key, byte* value);

    [LibraryImport(Library)]
    internal static partial int bpf_map_delete_elem(DescriptorHandle map, byte* key);

    [LibraryImport(Library)]
    internal static partial int bpf_link_create(DescriptorHandle program, int target, int attachType, LinkCreateOptions* options);

    [LibraryImport(Library)]
    internal static partial int bpf_link_update(DescriptorHandle link, DescriptorHandle program, LinkUpdateOptions* options);

    [LibraryImport(Library)]
    internal static partial int bpf_link_detach(DescriptorHandle link);

    [LibraryImport(Library)]
    internal static partial int bpf_xdp_query(int interfaceIndex, int flags, XdpQueryOptions* options);
}
