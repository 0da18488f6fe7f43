namespace Weir.Applier.Apply;

/// <summary>Where a host keeps what outlives a process.</summary>
/// <param name="State">Journal, generations and object cache.</param>
/// <param name="BpfFileSystem">Pins.</param>
public sealed record ApplierPaths(string State = ApplierPaths.DefaultState, string BpfFileSystem = Libbpf.BpfFileSystem.DefaultPath)
{
    public const string DefaultState = "/var/lib/weir";

    /// <summary>The cache of built objects.</summary>
    public string Objects { get; init; } = Path.Combine(State, "objects");

    /// <exception cref="ApplierException">There is no bpffs to pin into.</exception>
    public void RequireBpfFileSystem()
    {
        if (!Libbpf.BpfFileSystem.Covers(BpfFileSystem))
        {
            throw ApplierException.Failed(
                $"{BpfFileSystem} is no BPF file system, so nothing would outlive this command: mount -t bpf bpf {BpfFileSystem}. " +
                "(`ip netns exec` hides it: enter the namespace by `nsenter --net` instead.)");
        }
    }
}
