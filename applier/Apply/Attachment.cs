using Weir.Applier.Libbpf;

namespace Weir.Applier.Apply;

/// <summary>Attaches a program to an interface that has none.</summary>
public static class Attachment
{
    /// <param name="mode">Null: native, or generic where the driver cannot.</param>
    public static (XdpLink Link, XdpMode Mode) Create(BpfProgram program, int interfaceIndex, XdpMode? mode)
    {
        if (mode is { } chosen)
        {
            return (XdpLink.Create(program, interfaceIndex, chosen), chosen);
        }

        try
        {
            return (XdpLink.Create(program, interfaceIndex, XdpMode.Native), XdpMode.Native);
        }
        catch (BpfException error) when (error.Error is Errno.NotSupported or Errno.InvalidArgument)
        {
            return (XdpLink.Create(program, interfaceIndex, XdpMode.Generic), XdpMode.Generic);
        }
    }
}
