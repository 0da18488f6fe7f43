namespace Weir.Applier.Libbpf;

/// <summary>What the running kernel says of its own functions (CONFIG_DEBUG_INFO_BTF).</summary>
public sealed unsafe class KernelBtf : IDisposable
{
    private const uint FunctionKind = 12;

    private readonly nint btf;

    private KernelBtf(nint btf) => this.btf = btf;

    /// <returns>Null on a kernel without BTF.</returns>
    public static KernelBtf? Load()
    {
        try
        {
            return new KernelBtf(Proxy.CallPointer("read the kernel's BTF", Imports.btf__load_vmlinux_btf));
        }
        catch (BpfException)
        {
            return null;
        }
    }

    /// <summary>Names of a function's parameters; null when the kernel has no such function.</summary>
    public IReadOnlyList<string>? ParametersOf(string function)
    {
        int id = Imports.btf__find_by_name_kind(btf, function, FunctionKind);
        if (id <= 0)
        {
            return null;
        }

        // A function is name, info and the id of its prototype; that is name, info (count in bits 0 to 15) and the returned type, followed by
        // pairs of name and type.
        uint* prototype = Imports.btf__type_by_id(btf, Imports.btf__type_by_id(btf, (uint)id)[2]);
        string[] names = new string[prototype[1] & 0xffff];
        for (int i = 0; i < names.Length; i++)
        {
            names[i] = System.Runtime.InteropServices.Marshal.PtrToStringUTF8(Imports.btf__name_by_offset(btf, prototype[3 + (2 * i)])) ?? "";
        }

        return names;
    }

    public void Dispose() => Imports.btf__free(btf);
}
