using System.Collections.Immutable;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using Weir.Compiler.Model;

namespace Weir.Compiler.Explain;

/// <summary>A packet that somebody asks about: the first of a flow, or an echo request.</summary>
/// <param name="Protocol">IANA number: 6, 17, or ICMP of the addresses' family (1 or 58), which stands for an echo request.</param>
/// <param name="SourcePort">0 for ICMP, as is <paramref name="DestinationPort"/>.</param>
/// <param name="Length">Bytes of the IP packet, headers included; at least <see cref="Least"/>, at most 65,535.</param>
/// <param name="DontFragment">IPv4's flag; always set for IPv6, whose packets no router cuts.</param>
public sealed record PacketQuestion(IPAddress Source, IPAddress Destination, byte Protocol, ushort SourcePort, ushort DestinationPort, int Length, bool DontFragment)
{
    public bool IsV6 => Destination.AddressFamily == AddressFamily.InterNetworkV6;

    /// <summary>Bytes of the shortest packet of the protocol, without options.</summary>
    public static int Least(byte protocol, bool isV6) =>
        (isV6 ? InternetHeader.Ipv6Length : InternetHeader.Ipv4Length) + (protocol == InternetHeader.Tcp ? 20 : 8);

    /// <summary>The packet in a frame from a router to the load balancer: a SYN, a datagram or an echo request, with valid checksums.</summary>
    public ImmutableArray<byte> Frame()
    {
        IpFields ip = new(Source, Destination, Fragment: (ushort)(DontFragment ? 0x4000 : 0));
        int payload = Length - Least(Protocol, IsV6);
        byte[] transport = Protocol is InternetHeader.Tcp or InternetHeader.Udp
            ? FrameWriter.Transport(ip, Protocol, SourcePort, DestinationPort, payload)
            : FrameWriter.Icmp(ip, (byte)(IsV6 ? 128 : 8), 0, 1, new byte[payload]);
        return [.. FrameWriter.Frame(ip, Protocol, transport)];
    }

    /// <summary>As it is asked: <c>tcp 198.51.100.7:5555 -> 203.0.113.10:443</c>.</summary>
    public override string ToString() => PacketText.Of(Protocol, Source, SourcePort, Destination, DestinationPort);
}

/// <summary>How packets are named.</summary>
internal static class PacketText
{
    /// <summary><c>tcp [2001:db8::1]:5555 -> [2001:db8::10]:443</c>, without ports for what has none.</summary>
    public static string Of(byte protocol, IPAddress source, ushort sourcePort, IPAddress destination, ushort destinationPort) =>
        protocol is InternetHeader.Tcp or InternetHeader.Udp
            ? $"{Protocol(protocol)} {Endpoint(source, sourcePort)} -> {Endpoint(destination, destinationPort)}"
            : $"{Protocol(protocol)} {source} -> {destination}";

    public static string Protocol(byte protocol) => protocol switch
    {
        InternetHeader.Tcp => "tcp",
        InternetHeader.Udp => "udp",
        InternetHeader.Icmp => "icmp",
        InternetHeader.IcmpV6 => "icmp",
        _ => string.Create(CultureInfo.InvariantCulture, $"protocol {protocol}"),
    };

    public static string Endpoint(IPAddress address, ushort port) => address.AddressFamily == AddressFamily.InterNetworkV6
        ? string.Create(CultureInfo.InvariantCulture, $"[{address}]:{port}")
        : string.Create(CultureInfo.InvariantCulture, $"{address}:{port}");
}
