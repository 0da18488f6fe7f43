using System.Net;
using System.Net.Sockets;

namespace Weir.Compiler.Binding;

/// <summary>Addresses that no packet on a network can come from or go to as unicast (IANA's special-purpose address
/// registries, RFC 6890), less those for documentation and private use.</summary>
internal static class ReservedRange
{
    private static readonly (IPNetwork Network, string Name)[] Ranges =
    [
        (IPNetwork.Parse("0.0.0.0/8"), "0.0.0.0/8, this network"),
        (IPNetwork.Parse("127.0.0.0/8"), "127.0.0.0/8, loopback"),
        (IPNetwork.Parse("224.0.0.0/4"), "224.0.0.0/4, multicast"),
        (IPNetwork.Parse("240.0.0.0/4"), "240.0.0.0/4, reserved"),
        (IPNetwork.Parse("::/96"), "::/96, unspecified, loopback and IPv4-compatible"),
        (IPNetwork.Parse("::ffff:0:0/96"), "::ffff:0:0/96, IPv4-mapped"),
        (IPNetwork.Parse("ff00::/8"), "ff00::/8, multicast"),
    ];

    private static readonly (IPNetwork Network, string Name)[] LinkLocal =
    [
        (IPNetwork.Parse("169.254.0.0/16"), "169.254.0.0/16, link-local"),
        (IPNetwork.Parse("fe80::/10"), "fe80::/10, link-local"),
    ];

    /// <summary>The range that the address is in, or null.</summary>
    public static string? Of(IPAddress address, bool allowLinkLocal) =>
        Ranges.Where(r => r.Network.Contains(address)).Select(r => r.Name).FirstOrDefault()
        ?? (allowLinkLocal ? null : LinkLocal.Where(r => r.Network.Contains(address)).Select(r => r.Name).FirstOrDefault());

    /// <summary>A range that the prefix shares an address with, or null.</summary>
    public static string? Overlapping(IPAddress network, int length)
    {
        IPNetwork prefix = new(network, length);
        return Ranges.Concat(LinkLocal)
            .Where(r => r.Network.BaseAddress.AddressFamily == network.AddressFamily)
            .Where(r => r.Network.Contains(network) || prefix.Contains(r.Network.BaseAddress))
            .Select(r => r.Name)
            .FirstOrDefault();
    }

    /// <summary><c>IPv4</c> or <c>IPv6</c>.</summary>
    public static string FamilyName(AddressFamily family) => family == AddressFamily.InterNetwork ? "IPv4" : "IPv6";
}
