using Weir.Applier.Generations;
using Weir.Applier.Network;
using Weir.Applier.State;

namespace Weir.Applier.Apply;

/// <summary>Takes our program off an interface. Generations stay in the state directory.</summary>
public static class Detachment
{
    /// <returns>False when nothing of ours was attached.</returns>
    /// <exception cref="ApplierException">The interface runs somebody else's program (3), or the state directory is in use (75).</exception>
    public static bool Run(ApplierPaths paths, string interfaceName) => Explained.Run(() =>
    {
        paths.RequireBpfFileSystem();
        HostInterface on = HostInterface.Find(interfaceName)
            ?? throw ApplierException.Failed($"There is no interface {interfaceName} in this network namespace.");
        using StateLock held = StateLock.Take(paths.State);
        Pins pins = new(paths.BpfFileSystem, interfaceName);
        using LiveState live = LiveState.Find(pins, on.Index);
        Recovery.Run(InterfaceState.Open(paths.State, interfaceName), pins, live);
        live.Link?.Detach();
        pins.Clear();
        return live.Link is not null;
    });
}
