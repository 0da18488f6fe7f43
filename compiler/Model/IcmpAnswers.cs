using System.Buffers.Binary;

namespace Weir.Compiler.Model;

/// <summary>Frames that the load balancer answers by itself (sections 4 and 5).</summary>
internal static class IcmpAnswers
{
    private const byte HopLimit = 64;
    private const int IcmpHeaderLength = 8;

    public static bool IsEchoRequest(byte type, byte code, bool isV6) => code == 0 && type == (isV6 ? 128 : 8);

    /// <summary>The reply to an echo request without options or extension headers, in place of it.</summary>
    public static byte[] EchoReply(ReadOnlySpan<byte> frame, EthernetFrame link)
    {
        byte[] reply = frame.ToArray();
        SwapEthernet(frame, reply);
        Span<byte> packet = reply.AsSpan(link.PacketAt);
        InternetHeader.Destination(frame[link.PacketAt..], link.IsV6).CopyTo(packet[(link.IsV6 ? 8 : 12)..]);
        InternetHeader.Source(frame[link.PacketAt..], link.IsV6).CopyTo(packet[(link.IsV6 ? 24 : 16)..]);
        if (link.IsV6)
        {
            packet[7] = HopLimit;
            Replace(packet, at: InternetHeader.Ipv6Length, checksumAt: InternetHeader.Ipv6Length + 2, 129);
        }
        else
        {
            Replace(packet, at: 8, checksumAt: 10, HopLimit);
            Replace(packet, at: InternetHeader.Ipv4Length, checksumAt: InternetHeader.Ipv4Length + 2, 0);
        }

        return reply;
    }

    /// <summary>Fragmentation needed (RFC 792, RFC 1191) or packet too big (RFC 4443) for a packet, from its destination.</summary>
    /// <param name="mtu">Largest IP packet that would have fitted.</param>
    public static byte[] TooBig(ReadOnlySpan<byte> frame, EthernetFrame link, int mtu)
    {
        int headerLength = link.IsV6 ? InternetHeader.Ipv6Length : InternetHeader.Ipv4Length;
        int total = link.IsV6 ? 1280 : 576;
        byte[] answer = new byte[link.PacketAt + total];
        frame[..link.PacketAt].CopyTo(answer);
        SwapEthernet(frame, answer);

        ReadOnlySpan<byte> about = frame[link.PacketAt..];
        Span<byte> packet = answer.AsSpan(link.PacketAt);
        Span<byte> icmp = packet[headerLength..];
        about[..(icmp.Length - IcmpHeaderLength)].CopyTo(icmp[IcmpHeaderLength..]);
        ReadOnlySpan<byte> from = InternetHeader.Destination(about, link.IsV6);
        ReadOnlySpan<byte> to = InternetHeader.Source(about, link.IsV6);
        if (link.IsV6)
        {
            OuterHeader.WriteV6(packet, trafficClass: 0, flowLabel: 0, icmp.Length, InternetHeader.IcmpV6, from, to);
            icmp[0] = 2;
            BinaryPrimitives.WriteUInt32BigEndian(icmp[4..], (uint)mtu);
            BinaryPrimitives.WriteUInt16BigEndian(icmp[2..], InternetChecksum.Of(icmp, InternetChecksum.PseudoHeaderV6(from, to, icmp.Length, InternetHeader.IcmpV6)));
        }
        else
        {
            OuterHeader.WriteV4(packet, tos: 0, total, InternetHeader.Icmp, from, to);
            icmp[0] = 3;
            icmp[1] = 4;
            BinaryPrimitives.WriteUInt16BigEndian(icmp[6..], (ushort)mtu);
            BinaryPrimitives.WriteUInt16BigEndian(icmp[2..], InternetChecksum.Of(icmp));
        }

        return answer;
    }

    private static void SwapEthernet(ReadOnlySpan<byte> frame, Span<byte> answer)
    {
        frame.Slice(EthernetFrame.AddressLength, EthernetFrame.AddressLength).CopyTo(answer);
        frame[..EthernetFrame.AddressLength].CopyTo(answer[EthernetFrame.AddressLength..]);
    }

    /// <summary>Writes one byte at an even offset and carries the checksum over.</summary>
    private static void Replace(Span<byte> packet, int at, int checksumAt, byte value)
    {
        ushort before = BinaryPrimitives.ReadUInt16BigEndian(packet[at..]);
        packet[at] = value;
        ushort after = BinaryPrimitives.ReadUInt16BigEndian(packet[at..]);
        ushort checksum = BinaryPrimitives.ReadUInt16BigEndian(packet[checksumAt..]);
        BinaryPrimitives.WriteUInt16BigEndian(packet[checksumAt..], InternetChecksum.Update(checksum, before, after));
    }
}
