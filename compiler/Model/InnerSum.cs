using System.Buffers.Binary;

namespace Weir.Compiler.Model;

/// <summary>What an inner packet adds to an outer checksum. Where the packet has a TCP or UDP checksum, its payload is taken to be what that
/// checksum says, so that an error in it shows at the receiver; all else is added up.</summary>
internal static class InnerSum
{
    private const byte Tcp = 6;
    private const byte Udp = 17;

    /// <param name="packet">An IP packet, whole.</param>
    /// <returns>A sum of 16-bit words, not folded.</returns>
    public static ulong Of(ReadOnlySpan<byte> packet, bool isV6)
    {
        int header = isV6 ? InternetHeader.Ipv6Length : InternetHeader.Ipv4Length;
        byte protocol = packet[isV6 ? 6 : 9];
        bool simple = isV6 || (packet[0] == 0x45 && (BinaryPrimitives.ReadUInt16BigEndian(packet[6..]) & 0x3fff) == 0);
        bool has = simple && packet.Length >= header + 8
            && (protocol == Tcp || (protocol == Udp && BinaryPrimitives.ReadUInt16BigEndian(packet[(header + 6)..]) != 0));
        if (!has)
        {
            return InternetChecksum.Sum(packet);
        }

        ReadOnlySpan<byte> addresses = isV6 ? packet[8..40] : packet[12..20];
        ulong pseudo = InternetChecksum.Sum(addresses) + protocol + (ulong)(packet.Length - header);
        return InternetChecksum.Sum(packet[..header]) + InternetChecksum.Of([], pseudo);
    }
}
