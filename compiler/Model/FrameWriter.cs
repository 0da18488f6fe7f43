using System.Buffers.Binary;
using System.Collections.Immutable;
using System.Net;
using System.Net.Sockets;

namespace Weir.Compiler.Model;

/// <summary>An IPv6 extension header; its first byte is overwritten with the number of the header behind it.</summary>
public sealed record Extension(byte Type, ImmutableArray<byte> Bytes);

/// <summary>What an IP header says beside protocol and lengths.</summary>
/// <param name="TrafficClass">TOS or traffic class.</param>
/// <param name="Fragment">IPv4's flags and fragment offset; 0x4000 is DF.</param>
public sealed record IpFields(IPAddress Source, IPAddress Destination, byte TrafficClass = 0, byte Ttl = 57, ushort Fragment = 0x4000)
{
    /// <summary>IPv4's identification.</summary>
    public ushort Id { get; init; }

    /// <summary>IPv4's, a multiple of 4 bytes.</summary>
    public ImmutableArray<byte> Options { get; init; } = [];

    public ImmutableArray<Extension> Extensions { get; init; } = [];

    public bool IsV6 => Destination.AddressFamily == AddressFamily.InterNetworkV6;
}

/// <summary>Writes well-formed packets, checksums included, for proofs and tests.</summary>
public static class FrameWriter
{
    private static readonly byte[] Host = [0x02, 0, 0, 0, 0, 0x01];
    private static readonly byte[] Router = [0x02, 0, 0, 0, 0, 0x02];

    /// <summary>An Ethernet frame from a router to the load balancer.</summary>
    /// <param name="tags">Tag protocol identifiers (0x8100, 0x88a8), outermost first; VLAN ids count from 100.</param>
    public static byte[] Frame(ushort etherType, ReadOnlySpan<byte> payload, params ReadOnlySpan<ushort> tags)
    {
        byte[] frame = new byte[EthernetFrame.HeaderLength + (4 * tags.Length) + payload.Length];
        Host.CopyTo(frame, 0);
        Router.CopyTo(frame, 6);
        Span<byte> rest = frame.AsSpan(12);
        for (int tag = 0; tag < tags.Length; tag++, rest = rest[4..])
        {
            BinaryPrimitives.WriteUInt16BigEndian(rest, tags[tag]);
            BinaryPrimitives.WriteUInt16BigEndian(rest[2..], (ushort)(100 + tag));
        }

        BinaryPrimitives.WriteUInt16BigEndian(rest, etherType);
        payload.CopyTo(rest[2..]);
        return frame;
    }

    /// <summary>A frame around an IP packet.</summary>
    public static byte[] Frame(IpFields ip, byte protocol, ReadOnlySpan<byte> transport, params ReadOnlySpan<ushort> tags) =>
        Frame(ip.IsV6 ? EthernetFrame.Ipv6 : EthernetFrame.Ipv4, Packet(ip, protocol, transport), tags);

    /// <summary>An IP packet.</summary>
    public static byte[] Packet(IpFields ip, byte protocol, ReadOnlySpan<byte> transport) =>
        ip.IsV6 ? PacketV6(ip, protocol, transport) : PacketV4(ip, protocol, transport);

    /// <summary>A TCP segment or UDP datagram with a valid checksum.</summary>
    /// <param name="payload">Bytes of application data.</param>
    public static byte[] Transport(IpFields ip, byte protocol, ushort sourcePort, ushort destinationPort, int payload)
    {
        int headerLength = protocol == InternetHeader.Tcp ? 20 : 8;
        byte[] bytes = new byte[headerLength + payload];
        BinaryPrimitives.WriteUInt16BigEndian(bytes, sourcePort);
        BinaryPrimitives.WriteUInt16BigEndian(bytes.AsSpan(2), destinationPort);
        for (int at = 0; at < payload; at++)
        {
            bytes[headerLength + at] = (byte)(at * 7);
        }

        if (protocol == InternetHeader.Tcp)
        {
            bytes[12] = 0x50;
            bytes[13] = 0x02; // SYN
            bytes[14] = 0xff;
        }
        else
        {
            BinaryPrimitives.WriteUInt16BigEndian(bytes.AsSpan(4), (ushort)bytes.Length);
        }

        SetChecksum(ip, protocol, bytes);
        return bytes;
    }

    /// <summary>Gives a TCP segment or UDP datagram its checksum.</summary>
    public static void SetChecksum(IpFields ip, byte protocol, byte[] transport)
    {
        Span<byte> place = transport.AsSpan(protocol == InternetHeader.Tcp ? 16 : 6, 2);
        place.Clear();
        ushort checksum = InternetChecksum.Of(transport, PseudoHeader(ip, protocol, transport.Length));
        BinaryPrimitives.WriteUInt16BigEndian(place, checksum == 0 && protocol == InternetHeader.Udp ? (ushort)0xffff : checksum);
    }

    /// <summary>A message of ICMP or ICMPv6, whichever the addresses ask for.</summary>
    /// <param name="word">Second word of the header: identifier and sequence, or MTU.</param>
    public static byte[] Icmp(IpFields ip, byte type, byte code, uint word, ReadOnlySpan<byte> body)
    {
        byte[] bytes = new byte[8 + body.Length];
        bytes[0] = type;
        bytes[1] = code;
        BinaryPrimitives.WriteUInt32BigEndian(bytes.AsSpan(4), word);
        body.CopyTo(bytes.AsSpan(8));
        ulong sum = ip.IsV6 ? PseudoHeader(ip, InternetHeader.IcmpV6, bytes.Length) : 0;
        BinaryPrimitives.WriteUInt16BigEndian(bytes.AsSpan(2), InternetChecksum.Of(bytes, sum));
        return bytes;
    }

    private static ulong PseudoHeader(IpFields ip, byte protocol, int length) =>
        InternetChecksum.Sum(ip.Source.GetAddressBytes()) + InternetChecksum.Sum(ip.Destination.GetAddressBytes()) + protocol + (ulong)length;

    private static byte[] PacketV4(IpFields ip, byte protocol, ReadOnlySpan<byte> transport)
    {
        int headerLength = InternetHeader.Ipv4Length + ip.Options.Length;
        byte[] packet = new byte[headerLength + transport.Length];
        packet[0] = (byte)(0x40 | (headerLength / 4));
        packet[1] = ip.TrafficClass;
        BinaryPrimitives.WriteUInt16BigEndian(packet.AsSpan(2), (ushort)packet.Length);
        BinaryPrimitives.WriteUInt16BigEndian(packet.AsSpan(4), ip.Id);
        BinaryPrimitives.WriteUInt16BigEndian(packet.AsSpan(6), ip.Fragment);
        packet[8] = ip.Ttl;
        packet[9] = protocol;
        ip.Source.GetAddressBytes().CopyTo(packet, 12);
        ip.Destination.GetAddressBytes().CopyTo(packet, 16);
        ip.Options.CopyTo(packet, InternetHeader.Ipv4Length);
        BinaryPrimitives.WriteUInt16BigEndian(packet.AsSpan(10), InternetChecksum.Of(packet.AsSpan(0, headerLength)));
        transport.CopyTo(packet.AsSpan(headerLength));
        return packet;
    }

    private static byte[] PacketV6(IpFields ip, byte protocol, ReadOnlySpan<byte> transport)
    {
        int payload = ip.Extensions.Sum(extension => extension.Bytes.Length) + transport.Length;
        byte[] packet = new byte[InternetHeader.Ipv6Length + payload];
        BinaryPrimitives.WriteUInt32BigEndian(packet, (6u << 28) | ((uint)ip.TrafficClass << 20) | 0x12345);
        BinaryPrimitives.WriteUInt16BigEndian(packet.AsSpan(4), (ushort)payload);
        packet[7] = ip.Ttl;
        ip.Source.GetAddressBytes().CopyTo(packet, 8);
        ip.Destination.GetAddressBytes().CopyTo(packet, 24);
        int typeAt = 6;
        int at = InternetHeader.Ipv6Length;
        foreach (Extension extension in ip.Extensions)
        {
            packet[typeAt] = extension.Type;
            extension.Bytes.CopyTo(packet, at);
            typeAt = at;
            at += extension.Bytes.Length;
        }

        packet[typeAt] = protocol;
        transport.CopyTo(packet.AsSpan(at));
        return packet;
    }
}
