namespace Weir.Applier.Libbpf;

/// <summary>Which XDP program is on an interface, whoever attached it.</summary>
public sealed record XdpAttachment(uint ProgramId, XdpMode Mode)
{
    /// <summary>Asks the kernel about an interface of the caller's network namespace. Null when it has no program or does not exist.</summary>
    public static unsafe XdpAttachment? Query(int interfaceIndex)
    {
        XdpQueryOptions options = new() { Size = (nuint)sizeof(XdpQueryOptions) };
        int code = Imports.bpf_xdp_query(interfaceIndex, 0, &options);
        if (code < 0)
        {
            throw Proxy.Error($"ask for the XDP program of interface {interfaceIndex}", -code);
        }

        // XDP_ATTACHED_*; 4 is several at once, of which the native one sees packets first.
        return options.AttachMode switch
        {
            0 => null,
            1 => new XdpAttachment(options.ProgramId, XdpMode.Native),
            2 => new XdpAttachment(options.ProgramId, XdpMode.Generic),
            3 => new XdpAttachment(options.ProgramId, XdpMode.Offloaded),
            _ when options.NativeProgramId != 0 => new XdpAttachment(options.NativeProgramId, XdpMode.Native),
            _ => new XdpAttachment(options.GenericProgramId, XdpMode.Generic),
        };
    }
}
