using Weir.Lab.Processes;

namespace Weir.Lab.Network;

/// <summary>How an end of a veth pair queues and what it leaves to hardware that is not there.</summary>
internal static class Queueing
{
    /// <summary>Without checksum offload packets carry real checksums, which encapsulation needs; without segmentation
    /// and GRO what is counted is what was sent. A queue in front of the pair's ring of 256 holds bursts back
    /// instead of losing them (Linux 6.16).</summary>
    public static async Task ApplyAsync(NetworkNamespace network, string device, bool groReceive, CancellationToken cancellation)
    {
        string[] enter = [$"--net={network.Path}", "--"];
        string[] offloads = ["tx", "off", "tso", "off", "gso", "off", "gro", groReceive ? "on" : "off"];
        (await Command.RunAsync("nsenter", [.. enter, "ethtool", "-K", device, .. offloads], cancellation)).Required();
        (await Command.RunAsync("tc", ["-n", network.Name, "qdisc", "replace", "dev", device, "root", "pfifo", "limit", "10000"], cancellation)).Required();
    }
}
