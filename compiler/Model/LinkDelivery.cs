using System.Net.NetworkInformation;
using Weir.Compiler.Planning;
using Weir.Compiler.Topologies;

namespace Weir.Compiler.Model;

/// <summary>Delivery without an outer header: <c>bpf/README.md</c>, section 3, rule 5.</summary>
internal static class LinkDelivery
{
    public static bool Is(EncapsulationPlan encapsulation) => encapsulation.Type is EncapsulationType.L2 or EncapsulationType.Local;

    /// <summary>What becomes of a frame that fits, but for who is charged.</summary>
    /// <returns>The frame as it leaves, or null where the backend's MAC is not known.</returns>
    public static (PacketAction Action, byte[] Output)? Of(ReadOnlySpan<byte> frame, EncapsulationPlan encapsulation, BackendPlan backend, HostState host)
    {
        if (encapsulation.Type == EncapsulationType.Local)
        {
            return (PacketAction.Pass, frame.ToArray());
        }

        if ((backend.Mac ?? host.Links.GetValueOrDefault(backend.Address)) is not PhysicalAddress mac)
        {
            return null;
        }

        byte[] output = [.. mac.GetAddressBytes(), .. frame[..EthernetFrame.AddressLength], .. frame[(2 * EthernetFrame.AddressLength)..]];
        return (PacketAction.Tx, output);
    }
}
