namespace Weir.Lab.Network;

/// <summary>Settings of a new namespace, written before its interfaces exist so that they inherit them.</summary>
internal static class KernelSettings
{
    public static void Apply(NetworkNamespace network, bool forward)
    {
        foreach (var scope in new[] { "all", "default" })
        {
            // Replies come from an address that requests never left for.
            network.Set($"ipv4/conf/{scope}/rp_filter", 0);
            // Backends hold the VIPs on lo and must not answer ARP for them.
            network.Set($"ipv4/conf/{scope}/arp_ignore", 1);
            network.Set($"ipv4/conf/{scope}/arp_announce", 2);
            network.Set($"ipv6/conf/{scope}/disable_ipv6", 0);
            network.Set($"ipv6/conf/{scope}/accept_dad", 0);
            network.Set($"ipv6/conf/{scope}/accept_ra", 0);
            // Multicast listener reports are repeated after at most so many milliseconds: never, for a lab.
            network.Set($"ipv6/conf/{scope}/mldv2_unsolicited_report_interval", int.MaxValue);
            network.Set($"ipv4/conf/{scope}/forwarding", forward ? 1 : 0);
            network.Set($"ipv6/conf/{scope}/forwarding", forward ? 1 : 0);
        }

        // A router says that packets expired as often as they do.
        network.Set("ipv4/icmp_ratemask", 0);
        network.Set("ipv6/icmp/ratelimit", 0);
        // New connections by the thousand take their ports from here.
        network.Set("ipv4/ip_local_port_range", "10240 65535");
    }
}
