using System.Buffers.Binary;
using System.Net;

namespace Weir.Compiler.Model.Nat;

/// <summary>Gives an ICMP error other addresses, and the packet that it quotes the same the other way (RFC 7915, sections 4.2 to 4.4 and 5.2 to 5.4; RFC 5508).</summary>
internal static class NatError
{
    private const int IcmpLength = 8;

    /// <param name="packet">The IP packet, exactly, as the parser took it.</param>
    /// <param name="icmpAt">Where ICMP begins.</param>
    /// <param name="protocol">Of the quoted packet.</param>
    /// <param name="mtu">The site's.</param>
    /// <returns>The packet, or why it is dropped.</returns>
    public static (byte[]? Packet, Reason Reason) Of(
        ReadOnlySpan<byte> packet, int icmpAt, byte protocol, (IPAddress Address, ushort Port) source, (IPAddress Address, ushort Port) destination, int mtu)
    {
        bool wasV6 = packet[0] >> 4 == 6, isV6 = source.Address.GetAddressBytes().Length == 16;
        byte hops = packet[wasV6 ? 7 : 8];
        if (hops <= 1)
        {
            return (null, Reason.DropNatHops);
        }

        ReadOnlySpan<byte> icmp = packet[icmpAt..], quote = icmp[IcmpLength..];
        if (InternetChecksum.Of(icmp, wasV6 ? InternetChecksum.PseudoHeaderV6(packet.Slice(8, 16), packet.Slice(24, 16), icmp.Length, InternetHeader.IcmpV6) : 0) != 0)
        {
            return (null, Reason.DropNatChecksum);
        }

        int transportAt = wasV6 ? ExtensionHeaders.Walk(quote, quote.Length, firstFragments: true).At : (quote[0] & 0xf) * 4;
        if (Translate(icmp, quote, wasV6, isV6, mtu) is not IcmpError error)
        {
            return (null, Reason.DropNatIcmp);
        }

        byte[] transport = quote[transportAt..].ToArray();
        BinaryPrimitives.WriteUInt16BigEndian(transport, destination.Port);
        BinaryPrimitives.WriteUInt16BigEndian(transport.AsSpan(2), source.Port);
        byte[] quoted = [.. QuotedHeader(quote, transportAt, wasV6, protocol, destination.Address, source.Address), .. transport];
        byte[] message = [error.Type, error.Code, 0, 0, 0, 0, 0, 0, .. quoted];
        BinaryPrimitives.WriteUInt32BigEndian(message.AsSpan(4), error.Value);
        byte[] header = Header(source.Address, destination.Address, wasV6 ? (byte)(BinaryPrimitives.ReadUInt16BigEndian(packet) >> 4) : packet[1], message.Length, (byte)(hops - 1));
        if (header.Length + message.Length > mtu)
        {
            return (null, Reason.DropTooBig);
        }

        ulong pseudo = isV6 ? InternetChecksum.PseudoHeaderV6(header.AsSpan(8, 16), header.AsSpan(24, 16), message.Length, InternetHeader.IcmpV6) : 0;
        BinaryPrimitives.WriteUInt16BigEndian(message.AsSpan(2), InternetChecksum.Of(message, pseudo));
        return ([.. header, .. message], default);
    }

    /// <summary>Type, code and the four bytes behind the checksum.</summary>
    private static IcmpError? Translate(ReadOnlySpan<byte> icmp, ReadOnlySpan<byte> quote, bool wasV6, bool isV6, int mtu)
    {
        uint value = BinaryPrimitives.ReadUInt32BigEndian(icmp[4..]);
        if (wasV6 == isV6)
        {
            return new IcmpError(icmp[0], icmp[1], value);
        }

        // IPv4 has its pointer in the first of these bytes.
        const byte ParameterProblemV4 = 12;
        if (wasV6)
        {
            return IcmpErrorTypes.ToV4(new IcmpError(icmp[0], icmp[1], value), mtu) is { } v4
                ? v4 with { Value = v4.Type == ParameterProblemV4 ? v4.Value << 24 : v4.Value }
                : null;
        }

        uint said = icmp[0] == ParameterProblemV4 ? value >> 24 : value & 0xffff;
        return IcmpErrorTypes.ToV6(new IcmpError(icmp[0], icmp[1], said), BinaryPrimitives.ReadUInt16BigEndian(quote[2..]), mtu);
    }

    /// <summary>Without options and extension headers; the lengths count what was behind them.</summary>
    private static byte[] QuotedHeader(ReadOnlySpan<byte> quote, int transportAt, bool wasV6, byte protocol, IPAddress source, IPAddress destination)
    {
        int payload = (ushort)(wasV6
            ? BinaryPrimitives.ReadUInt16BigEndian(quote[4..]) + InternetHeader.Ipv6Length - transportAt
            : BinaryPrimitives.ReadUInt16BigEndian(quote[2..]) - transportAt);
        byte trafficClass = wasV6 ? (byte)(BinaryPrimitives.ReadUInt16BigEndian(quote) >> 4) : quote[1];
        byte hops = quote[wasV6 ? 7 : 8];
        if (source.GetAddressBytes().Length == 4)
        {
            byte[] v4 = V4(source, destination, trafficClass, payload, hops, protocol);
            if (!wasV6)
            {
                quote.Slice(4, 4).CopyTo(v4.AsSpan(4));
            }

            return WithChecksum(v4);
        }

        byte[] v6 = V6(source, destination, trafficClass, payload, hops, protocol);
        if (wasV6)
        {
            quote[..4].CopyTo(v6);
        }

        return v6;
    }

    private static byte[] Header(IPAddress source, IPAddress destination, byte trafficClass, int payload, byte hops) => source.GetAddressBytes().Length == 4
        ? WithChecksum(V4(source, destination, trafficClass, payload, hops, InternetHeader.Icmp))
        : V6(source, destination, trafficClass, payload, hops, InternetHeader.IcmpV6);

    private static byte[] V4(IPAddress source, IPAddress destination, byte trafficClass, int payload, byte hops, byte protocol)
    {
        byte[] header = [0x45, trafficClass, 0, 0, 0, 0, 0x40, 0, hops, protocol, 0, 0, .. source.GetAddressBytes(), .. destination.GetAddressBytes()];
        BinaryPrimitives.WriteUInt16BigEndian(header.AsSpan(2), (ushort)(InternetHeader.Ipv4Length + payload));
        return header;
    }

    private static byte[] WithChecksum(byte[] header)
    {
        BinaryPrimitives.WriteUInt16BigEndian(header.AsSpan(10), InternetChecksum.Of(header));
        return header;
    }

    private static byte[] V6(IPAddress source, IPAddress destination, byte trafficClass, int payload, byte hops, byte protocol)
    {
        byte[] header = PacketRewrite.V6(trafficClass, payload, protocol);
        header[7] = hops;
        source.GetAddressBytes().CopyTo(header, 8);
        destination.GetAddressBytes().CopyTo(header, 24);
        return header;
    }
}
