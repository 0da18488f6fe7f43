using System.Buffers.Binary;
using System.Net;
using System.Net.Sockets;

namespace Weir.Compiler.Binding;

/// <summary>Addresses that no packet on a network can come from or go to as unicast (IANA's special-purpose address
/// registries, RFC 6890), less those for documentation and private use.</summary>
internal static class ReservedRange
{
    private static readonly Range[] Ranges =
    [
        new("0.0.0.0", 8, "0.0.0.0/8, this network", LinkLocal: false),
        new("127.0.0.0", 8, "127.0.0.0/8, loopback", LinkLocal: false),
        new("169.254.0.0", 16, "169.254.0.0/16, link-local", LinkLocal: true),
        new("224.0.0.0", 4, "224.0.0.0/4, multicast", LinkLocal: false),
        new("240.0.0.0", 4, "240.0.0.0/4, reserved", LinkLocal: false),
        new("::", 96, "::/96, unspecified, loopback and IPv4-compatible", LinkLocal: false),
        new("::ffff:0:0", 96, "::ffff:0:0/96, IPv4-mapped", LinkLocal: false),
        new("fe80::", 10, "fe80::/10, link-local", LinkLocal: true),
        new("ff00::", 8, "ff00::/8, multicast", LinkLocal: false),
    ];

    /// <summary>The range that the address is in, or null.</summary>
    public static string? Of(IPAddress address, bool allowLinkLocal) =>
        Array.Find(Ranges, r => !(allowLinkLocal && r.LinkLocal) && r.Overlaps(address, int.MaxValue))?.Name;

    /// <summary>A range that the prefix shares an address with, or null.</summary>
    public static string? Overlapping(IPAddress network, int length) => Array.Find(Ranges, r => r.Overlaps(network, length))?.Name;

    /// <summary><c>IPv4</c> or <c>IPv6</c>.</summary>
    public static string FamilyName(AddressFamily family) => family == AddressFamily.InterNetwork ? "IPv4" : "IPv6";

    // System.Net.IPNetwork takes IPv4-mapped addresses for IPv4.
    private sealed record Range(string Network, int Length, string Name, bool LinkLocal)
    {
        private readonly IPAddress _network = IPAddress.Parse(Network);

        /// <summary>Two prefixes overlap when they agree in the bits that both have.</summary>
        public bool Overlaps(IPAddress network, int length)
        {
            if (network.AddressFamily != _network.AddressFamily)
            {
                return false;
            }

            int common = Math.Min(Length, length);
            return common == 0 || (Bits(network) ^ Bits(_network)) >> (128 - common) == 0;
        }

        /// <summary>The address in the upper bits.</summary>
        private static UInt128 Bits(IPAddress address)
        {
            Span<byte> bytes = stackalloc byte[16];
            address.TryWriteBytes(bytes, out _);
            return BinaryPrimitives.ReadUInt128BigEndian(bytes);
        }
    }
}
