using System.Buffers.Binary;
using System.Net;

namespace Weir.Compiler.Model;

/// <summary>The flow that an ICMP error (RFC 792, RFC 4443) is about.</summary>
internal static class IcmpQuote
{
    private const int QuoteAt = 8;
    private const int Least = 8;

    /// <summary>Whether the type is an error's that quotes a packet.</summary>
    public static bool IsError(byte type, bool isV6) => isV6 ? type is >= 1 and <= 4 : type is 3 or 11 or 12;

    /// <summary>Reads the quoted packet and turns it round: from client to VIP.</summary>
    /// <param name="icmp">From the ICMP header to the end of the IP packet; at least 8 bytes.</param>
    /// <param name="readable">How many of these bytes lie in the first buffer.</param>
    /// <param name="vip">The address the error was sent to, 4 or 16 bytes.</param>
    /// <returns>Null when it quotes no packet of a flow from the VIP.</returns>
    public static Flow? Read(ReadOnlySpan<byte> icmp, bool isV6, int readable, ReadOnlySpan<byte> vip)
    {
        ReadOnlySpan<byte> quote = icmp[QuoteAt..];
        if (Transport(quote, isV6, readable - QuoteAt) is not (byte protocol, int at) || protocol is not (InternetHeader.Tcp or InternetHeader.Udp) || Math.Min(quote.Length, readable - QuoteAt) - at < Least
            || !InternetHeader.Source(quote, isV6).SequenceEqual(vip))
        {
            return null;
        }

        ushort vipPort = BinaryPrimitives.ReadUInt16BigEndian(quote[at..]);
        ushort clientPort = BinaryPrimitives.ReadUInt16BigEndian(quote[(at + 2)..]);
        return new Flow(new IPAddress(InternetHeader.Destination(quote, isV6)), new IPAddress(vip), protocol, clientPort, vipPort);
    }

    private static (byte Protocol, int At)? Transport(ReadOnlySpan<byte> quote, bool isV6, int readable)
    {
        if (Math.Min(quote.Length, readable) < (isV6 ? InternetHeader.Ipv6Length : InternetHeader.Ipv4Length) || quote[0] >> 4 != (isV6 ? 6 : 4))
        {
            return null;
        }

        if (isV6)
        {
            ExtensionHeaders walk = ExtensionHeaders.Walk(quote, readable, firstFragments: true);
            return walk.End == WalkEnd.Protocol ? (walk.Protocol, walk.At) : null;
        }

        int headerLength = (quote[0] & 0xf) * 4;
        bool later = (BinaryPrimitives.ReadUInt16BigEndian(quote[6..]) & 0x1fff) != 0;
        return headerLength < InternetHeader.Ipv4Length || later ? null : (quote[9], headerLength);
    }
}
