using System.Globalization;
using Weir.Applier.Decap;
using Weir.Applier.Generations;
using Weir.Applier.Libbpf;

namespace Weir.Applier.Apply;

/// <summary>What runs on an interface: the pinned link, and which instance's program it holds.</summary>
/// <param name="Link">Ours; null when nothing of ours is attached.</param>
/// <param name="Instance">The pinned instance whose program the link holds; null when it holds none of ours.</param>
public sealed record LiveState(XdpLink? Link, XdpMode Mode, uint ProgramId, int? Instance) : IDisposable
{
    /// <summary>Asks the kernel and the pins.</summary>
    /// <exception cref="ApplierException">The interface runs somebody else's program, or the pinned link is another interface's (3).</exception>
    public static LiveState Find(Pins pins, int interfaceIndex)
    {
        XdpLink? link = File.Exists(pins.Link) ? XdpLink.OpenPinned(pins.Link) : null;
        try
        {
            XdpLinkInfo? info = link?.Info;
            XdpAttachment? attached = XdpAttachment.Query(interfaceIndex);
            if (info is { InterfaceIndex: not 0 } && attached?.ProgramId == info.ProgramId)
            {
                int? instance = pins.Instances.Cast<int?>().FirstOrDefault(number => PinnedId(pins, number!.Value) == info.ProgramId);
                return new LiveState(link, attached.Mode, info.ProgramId, instance);
            }

            if (attached is not null)
            {
                throw ApplierException.Refused(Foreign(pins.Interface, attached));
            }

            if (info is { InterfaceIndex: not 0 })
            {
                throw ApplierException.Refused(string.Create(
                    CultureInfo.InvariantCulture,
                    $"The link pinned at {pins.Link} belongs to interface {info.InterfaceIndex}, not to {pins.Interface} of this network namespace. Use another --bpffs, or remove that pin."));
            }

            // Its interface is gone: the pin holds nothing.
            link?.Dispose();
            return new LiveState(null, XdpMode.Native, 0, null);
        }
        catch
        {
            link?.Dispose();
            throw;
        }
    }

    public void Dispose() => Link?.Dispose();

    private static uint PinnedId(Pins pins, int instance)
    {
        if (!File.Exists(pins.Program(instance)))
        {
            return 0;
        }

        using BpfProgram program = BpfProgram.OpenPinned(pins.Program(instance));
        return program.Info.Id;
    }

    private static string Detach(string program, string interfaceName) => program == DecapObject.Function
        ? $"weir-applier decap --interface {interfaceName} --detach"
        : $"`ip link set dev {interfaceName} xdp off`, or remove the pin that holds its link";

    private static string Foreign(string interfaceName, XdpAttachment attached)
    {
        string name = "?";
        try
        {
            using BpfProgram program = BpfProgram.OpenId(attached.ProgramId);
            name = program.Info.Name;
        }
        catch (BpfException)
        {
            // Gone, or not ours to look at: its number will have to do.
        }

        return string.Create(
            CultureInfo.InvariantCulture,
            $"Interface {interfaceName} runs the XDP program {name} (id {attached.ProgramId}), which was not attached by this command. Detach it first: {Detach(name, interfaceName)}.");
    }
}
