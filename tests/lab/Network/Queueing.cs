using System.Globalization;
using Weir.Lab.Processes;

namespace Weir.Lab.Network;

/// <summary>How the ends of veth pairs queue, and what they leave to hardware that is not there.</summary>
internal static class Queueing
{
    /// <summary>Without checksum offload packets carry real checksums, which encapsulation needs; without segmentation
    /// and GRO what is counted is what was sent. A queue in front of a pair's ring of 256 holds bursts back
    /// instead of losing them (Linux 6.16).</summary>
    public static async Task ApplyAsync(NetworkNamespace network, IReadOnlyList<string> devices, CancellationToken cancellation)
    {
        foreach (var device in devices)
        {
            string[] offloads = ["tx", "off", "tso", "off", "gso", "off", "gro", "off"];
            (await Command.RunAsync("nsenter", [$"--net={network.Path}", "--", "ethtool", "-K", device, .. offloads], cancellation)).Required();
        }

        var queues = string.Concat(devices.Select(device => $"qdisc replace dev {device} root pfifo limit 10000\n"));
        (await Command.RunAsync("tc", ["-n", network.Name, "-batch", "-"], cancellation, queues)).Required();
        await SpreadAsync(network, cancellation);
    }

    /// <summary>Receive packet steering: a flow's packets stay on one CPU and so in order, whichever CPU sent them. Without it TCP
    /// sees reordering that no wire would make. Here it must be <c>ip netns exec</c>, which shows the namespace's /sys.</summary>
    private static async Task SpreadAsync(NetworkNamespace network, CancellationToken cancellation)
    {
        var cpus = ((1UL << Math.Min(Environment.ProcessorCount, 32)) - 1).ToString("x", CultureInfo.InvariantCulture);
        var script = $"for queue in /sys/class/net/*/queues/rx-*/rps_cpus; do echo {cpus} > \"$queue\" || exit 1; done";
        (await Command.RunAsync("ip", ["netns", "exec", network.Name, "sh", "-c", script], cancellation)).Required();
    }
}
