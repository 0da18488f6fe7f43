using Weir.Applier.Generations;
using Weir.Applier.Libbpf;
using Weir.Applier.Network;
using Weir.Applier.State;

namespace Weir.Applier.Apply;

/// <summary>Takes our program off an interface. Generations stay in the state directory.</summary>
public static class Detachment
{
    /// <returns>False when nothing of ours was attached.</returns>
    /// <exception cref="ApplierException">The interface runs somebody else's program (3), or the state directory is in use (75).</exception>
    public static bool Run(ApplierPaths paths, string interfaceName)
    {
        paths.RequireBpfFileSystem();
        HostInterface on = HostInterface.Find(interfaceName)
            ?? throw ApplierException.Failed($"There is no interface {interfaceName} in this network namespace.");
        using StateLock held = StateLock.Take(paths.State);
        Pins pins = new(paths.BpfFileSystem, interfaceName);
        InterfaceState state = InterfaceState.Open(paths.State, interfaceName);
        using LiveState live = LiveState.Find(pins, on.Index);
        try
        {
            Recovery.Run(state, pins, live);
            live.Link?.Detach();
        }
        catch (BpfException error)
        {
            throw ApplierException.Failed(error.Message, error);
        }

        File.Delete(pins.Link);
        foreach (int instance in pins.Instances)
        {
            pins.Unpin(instance);
        }

        return live.Link is not null;
    }
}
