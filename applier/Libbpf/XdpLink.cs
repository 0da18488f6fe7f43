namespace Weir.Applier.Libbpf;

/// <summary>How a program is attached (include/uapi/linux/if_link.h).</summary>
public enum XdpMode
{
    /// <summary>By the driver, before a packet has a socket buffer.</summary>
    Native,

    /// <summary>By the kernel, for drivers without XDP: slower.</summary>
    Generic,

    /// <summary>By the network card.</summary>
    Offloaded,
}

/// <param name="InterfaceIndex">0 once the link is detached or its interface is gone.</param>
public sealed record XdpLinkInfo(uint Id, uint ProgramId, int InterfaceIndex);

/// <summary>An XDP program's hold on an interface. While it is open or pinned nobody else can attach to or detach from the interface.</summary>
public sealed unsafe class XdpLink : IDisposable
{
    private const int XdpAttachType = 37;
    private const uint GenericFlag = 1 << 1;
    private const uint NativeFlag = 1 << 2;
    private const uint Replace = 1 << 2;

    private readonly DescriptorHandle _handle;

    private XdpLink(DescriptorHandle handle) => _handle = handle;

    public XdpLinkInfo Info
    {
        get
        {
            LinkInfoRecord info = _handle.Info<LinkInfoRecord>();
            return new XdpLinkInfo(info.Id, info.ProgramId, (int)info.InterfaceIndex);
        }
    }

    /// <summary>Attaches a program.</summary>
    /// <param name="interfaceIndex">In the caller's network namespace.</param>
    /// <param name="mode">Native or generic.</param>
    /// <exception cref="BpfException">EBUSY: another program is there. EOPNOTSUPP: the driver has no XDP, generic mode works.</exception>
    public static XdpLink Create(BpfProgram program, int interfaceIndex, XdpMode mode)
    {
        ArgumentOutOfRangeException.ThrowIfEqual((int)mode, (int)XdpMode.Offloaded);
        LinkCreateOptions options = new() { Size = (nuint)sizeof(LinkCreateOptions), Flags = mode == XdpMode.Native ? NativeFlag : GenericFlag };
        int code = Imports.bpf_link_create(program.Handle, interfaceIndex, XdpAttachType, &options);
        return code >= 0
            ? new XdpLink(new DescriptorHandle(code, DescriptorKind.Link))
            : throw Proxy.Error($"attach to interface {interfaceIndex}", -code, null, errno => errno switch
            {
                Errno.Busy or Errno.Exists => "Another XDP program is attached there; `bpftool net` shows it.",
                Errno.NotSupported => "The driver has no native XDP; generic mode works everywhere.",
                Errno.InvalidArgument or Errno.NoDevice => "There is no such interface in this network namespace," +
                    " or its MTU, queues or features do not allow this mode.",
                _ => null,
            });
    }

    public static XdpLink OpenPinned(string path) => new(DescriptorHandle.OpenPinned(path, DescriptorKind.Link));

    /// <summary>Puts another program in the place of the present one. No packet is lost; the call returns when no packet
    /// is in the old program any more.</summary>
    /// <param name="expected">The program that must be there, else nothing is done; null for any.</param>
    /// <exception cref="BpfException">EPERM: the program there is not the expected one.</exception>
    public void Update(BpfProgram program, BpfProgram? expected = null)
    {
        LinkUpdateOptions options = new() { Size = (nuint)sizeof(LinkUpdateOptions) };
        if (expected is not null)
        {
            options.Flags = Replace;
            options.OldProgram = expected.Fd;
        }

        int code = Imports.bpf_link_update(_handle, program.Handle, &options);
        GC.KeepAlive(expected);
        if (code < 0)
        {
            throw Proxy.Error("update the link", -code, null, errno => errno switch
            {
                Errno.NotPermitted when expected is not null => "The interface runs another program than expected: somebody else replaced it.",
                Errno.NoLink or Errno.NoDevice => "The link is detached or its interface is gone.",
                _ => null,
            });
        }
    }

    /// <summary>Pins the link in a bpffs, so that the program stays attached without this process.</summary>
    public void Pin(string path) => _handle.Pin(path);

    /// <summary>Takes the program off the interface at once, whoever else holds the link.</summary>
    public void Detach()
    {
        int code = Imports.bpf_link_detach(_handle);
        if (code < 0)
        {
            throw Proxy.Error("detach the link", -code);
        }
    }

    /// <summary>Closes our hold; the program stays attached if the link is pinned or open elsewhere.</summary>
    public void Dispose() => _handle.Dispose();
}
