using System.Buffers.Binary;

namespace Weir.Compiler.Model.Nat;

/// <summary>Gives a TCP or UDP packet other addresses and ports, from and to either family (RFC 7915, sections 4.1, 4.5, 5.1 and 5.5).
/// Transport checksums are updated incrementally, so that damaged data stays recognisable.</summary>
public static class PacketRewrite
{
    /// <summary>Up to this total length an IPv4 packet made from IPv6 may be fragmented on its way (RFC 7915, section 5.1).</summary>
    public const int LongestFragmentable = 1260;

    /// <summary>A packet whose TCP or UDP header is whole and which is no fragment.</summary>
    /// <param name="packet">The IP packet, exactly.</param>
    /// <param name="transportAt">Offset of the TCP or UDP header in it.</param>
    /// <param name="protocol">6 or 17.</param>
    /// <param name="source">4 or 16 bytes.</param>
    /// <param name="destination">As many bytes as <paramref name="source"/>.</param>
    /// <param name="hops">TTL or hop limit of the result.</param>
    /// <returns>The packet. Between two families IPv4 options and IPv6 extension headers are left out; within one they stay.</returns>
    /// <exception cref="ArgumentException">The addresses are neither both 4 nor both 16 bytes long.</exception>
    public static byte[] Of(
        ReadOnlySpan<byte> packet, int transportAt, byte protocol, ReadOnlySpan<byte> source, ushort sourcePort, ReadOnlySpan<byte> destination, ushort destinationPort, byte hops)
    {
        if (source.Length != destination.Length || source.Length is not (4 or 16))
        {
            throw new ArgumentException("A packet has two addresses of 4 or two of 16 bytes.");
        }

        bool wasV6 = packet[0] >> 4 == 6;
        bool isV6 = source.Length == 16;
        byte[] transport = Transport(packet, transportAt, protocol, wasV6, source, sourcePort, destination, destinationPort);
        byte[] header = (wasV6, isV6) switch
        {
            (false, true) => V6(packet[1], transport.Length, protocol),
            (true, false) => V4((byte)(BinaryPrimitives.ReadUInt16BigEndian(packet) >> 4), transport, protocol),
            _ => packet[..transportAt].ToArray(),
        };
        header[isV6 ? 7 : 8] = hops;
        source.CopyTo(header.AsSpan(isV6 ? 8 : 12));
        destination.CopyTo(header.AsSpan(isV6 ? 24 : 16));
        if (!isV6)
        {
            WriteHeaderChecksum(header, wasV6 ? [] : packet);
        }

        return [.. header, .. transport];
    }

    internal static byte[] V6(byte trafficClass, int payload, byte protocol)
    {
        byte[] header = new byte[InternetHeader.Ipv6Length];
        BinaryPrimitives.WriteUInt16BigEndian(header, (ushort)(0x6000 | (trafficClass << 4)));
        BinaryPrimitives.WriteUInt16BigEndian(header.AsSpan(4), (ushort)payload);
        header[6] = protocol;
        return header;
    }

    /// <summary>What may be fragmented needs an identification of its own (RFC 6864): the checksum, which differs with every segment. 0 in longer packets.</summary>
    private static byte[] V4(byte trafficClass, byte[] transport, byte protocol)
    {
        byte[] header = new byte[InternetHeader.Ipv4Length];
        int length = InternetHeader.Ipv4Length + transport.Length;
        bool whole = length > LongestFragmentable;
        header[0] = 0x45;
        header[1] = trafficClass;
        BinaryPrimitives.WriteUInt16BigEndian(header.AsSpan(2), (ushort)length);
        BinaryPrimitives.WriteUInt16BigEndian(header.AsSpan(4), whole ? (ushort)0 : BinaryPrimitives.ReadUInt16BigEndian(transport.AsSpan(ChecksumAt(protocol))));
        BinaryPrimitives.WriteUInt16BigEndian(header.AsSpan(6), whole ? (ushort)0x4000 : (ushort)0);
        header[9] = protocol;
        return header;
    }

    /// <param name="before">The IPv4 packet whose header this was, whose checksum is updated and not made right; empty for a new header.</param>
    private static void WriteHeaderChecksum(byte[] header, ReadOnlySpan<byte> before)
    {
        Span<byte> field = header.AsSpan(10);
        BinaryPrimitives.WriteUInt16BigEndian(
            field,
            before.IsEmpty ? InternetChecksum.Of(header) : Updated(BinaryPrimitives.ReadUInt16BigEndian(before[10..]), [.. before.Slice(8, 2), .. before.Slice(12, 8)], [.. header[8..10], .. header[12..20]]));
    }

    private static byte[] Transport(
        ReadOnlySpan<byte> packet, int at, byte protocol, bool wasV6, ReadOnlySpan<byte> source, ushort sourcePort, ReadOnlySpan<byte> destination, ushort destinationPort)
    {
        byte[] transport = packet[at..].ToArray();
        BinaryPrimitives.WriteUInt16BigEndian(transport, sourcePort);
        BinaryPrimitives.WriteUInt16BigEndian(transport.AsSpan(2), destinationPort);
        Span<byte> field = transport.AsSpan(ChecksumAt(protocol));
        ushort checksum = BinaryPrimitives.ReadUInt16BigEndian(field);
        bool isUdp = protocol == InternetHeader.Udp;
        if (isUdp && checksum == 0)
        {
            // IPv6 has no UDP without a checksum, and what is there now is all that can be vouched for (RFC 7915, section 4.5).
            if (wasV6 || source.Length == 4)
            {
                return transport;
            }

            checksum = InternetChecksum.Of(transport, InternetChecksum.PseudoHeaderV6(source, destination, transport.Length, protocol));
        }
        else
        {
            ReadOnlySpan<byte> addresses = wasV6 ? packet.Slice(8, 32) : packet.Slice(12, 8);
            checksum = Updated(checksum, [.. addresses, .. packet.Slice(at, 4)], [.. source, .. destination, .. transport[..4]]);
        }

        BinaryPrimitives.WriteUInt16BigEndian(field, isUdp && checksum == 0 ? (ushort)0xffff : checksum);
        return transport;
    }

    private static int ChecksumAt(byte protocol) => protocol == InternetHeader.Udp ? 6 : 16;

    /// <summary>RFC 1624, equation 3, over an even number of bytes; lengths and protocol weigh the same in both pseudo headers.</summary>
    private static ushort Updated(ushort checksum, ReadOnlySpan<byte> before, ReadOnlySpan<byte> after)
    {
        for (int word = 0; word < before.Length; word += 2)
        {
            checksum = InternetChecksum.Update(checksum, BinaryPrimitives.ReadUInt16BigEndian(before[word..]), 0);
        }

        for (int word = 0; word < after.Length; word += 2)
        {
            checksum = InternetChecksum.Update(checksum, 0, BinaryPrimitives.ReadUInt16BigEndian(after[word..]));
        }

        return checksum;
    }
}
