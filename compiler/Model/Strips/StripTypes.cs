using System.Buffers.Binary;

namespace Weir.Compiler.Model.Strips;

/// <summary>A header between two IP headers.</summary>
/// <param name="Length">Its bytes, an inner Ethernet header included.</param>
/// <param name="HasChecksum">Whether it has a checksum over itself and all behind it.</param>
internal readonly record struct StripType(int Length, bool InnerV6, bool HasChecksum = false);

/// <summary>Reads the headers of single types; null for what is dropped as malformed.</summary>
internal static class StripTypes
{
    private const ushort TransparentEthernet = 0x6558;

    /// <summary>RFC 2784 and RFC 2890: a checksum, a key, no routing, no sequence numbers; bits 6 to 12 are ignored.</summary>
    /// <param name="bytes">From the header to the end of the outer packet.</param>
    /// <param name="held">How many of them lie in the first buffer.</param>
    public static StripType? Gre(ReadOnlySpan<byte> bytes, int held)
    {
        if (Math.Min(bytes.Length, held) < 4)
        {
            return null;
        }

        ushort flags = BinaryPrimitives.ReadUInt16BigEndian(bytes);
        int length = 4 + ((flags & 0x8000) != 0 ? 4 : 0) + ((flags & 0x2000) != 0 ? 4 : 0);
        return (flags & 0x5c07) != 0 || length > bytes.Length || Family(bytes[2..]) is not bool innerV6
            ? null
            : new StripType(length, innerV6, HasChecksum: (flags & 0x8000) != 0);
    }

    /// <summary>Variant 1 is the IP packet itself; variant 0 has four bytes, of which the second names the protocol and all others are zero.</summary>
    public static StripType? Gue(ReadOnlySpan<byte> bytes, int held)
    {
        if (Math.Min(bytes.Length, held) < 4)
        {
            return null;
        }

        return (bytes[0] >> 4, bytes[0], bytes[1], BinaryPrimitives.ReadUInt16BigEndian(bytes[2..])) switch
        {
            (4, _, _, _) => new StripType(0, InnerV6: false),
            (6, _, _, _) => new StripType(0, InnerV6: true),
            (_, 0, 4, 0) => new StripType(4, InnerV6: false),
            (_, 0, 41, 0) => new StripType(4, InnerV6: true),
            _ => null,
        };
    }

    /// <summary>RFC 7348, section 5: the I flag must be set, other bits do not matter.</summary>
    public static StripType? Vxlan(ReadOnlySpan<byte> bytes, int held) =>
        Math.Min(bytes.Length, held) < 8 || (bytes[0] & 0x08) == 0 ? null : Ethernet(bytes, held, 8);

    /// <summary>RFC 8926, section 3.4: version 0, no control message, no critical option.</summary>
    public static StripType? Geneve(ReadOnlySpan<byte> bytes, int held)
    {
        if (Math.Min(bytes.Length, held) < 8 || bytes[0] >> 6 != 0 || (bytes[1] & 0xc0) != 0)
        {
            return null;
        }

        int length = 8 + (4 * (bytes[0] & 0x3f));
        if (length > bytes.Length)
        {
            return null;
        }

        return BinaryPrimitives.ReadUInt16BigEndian(bytes[2..]) == TransparentEthernet
            ? Ethernet(bytes, held, length)
            : Family(bytes[2..]) is bool innerV6 ? new StripType(length, innerV6) : null;
    }

    /// <summary>An untagged Ethernet header behind <paramref name="at"/> bytes.</summary>
    private static StripType? Ethernet(ReadOnlySpan<byte> bytes, int held, int at) =>
        Math.Min(bytes.Length, held) < at + EthernetFrame.HeaderLength || Family(bytes[(at + 12)..]) is not bool innerV6
            ? null
            : new StripType(at + EthernetFrame.HeaderLength, innerV6);

    /// <summary>Whether the EtherType is IPv6's; null when it is neither that nor IPv4's.</summary>
    private static bool? Family(ReadOnlySpan<byte> type) => BinaryPrimitives.ReadUInt16BigEndian(type) switch
    {
        EthernetFrame.Ipv4 => false,
        EthernetFrame.Ipv6 => true,
        _ => null,
    };
}
