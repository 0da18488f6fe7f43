using System.Buffers.Binary;

namespace Weir.Compiler.Model;

/// <summary>Where the parts of an Ethernet frame lie that carries IP.</summary>
/// <param name="TypeAt">Offset of the EtherType that names the IP version: 12, 16 or 20, behind at most two VLAN tags.</param>
internal readonly record struct EthernetFrame(int TypeAt, bool IsV6)
{
    public const int AddressLength = 6;
    public const int HeaderLength = 14;
    public const ushort Ipv4 = 0x0800;
    public const ushort Ipv6 = 0x86dd;

    private const int MaxTags = 2;
    private const int TagLength = 4;

    /// <summary>Offset of the IP header.</summary>
    public int PacketAt => TypeAt + 2;

    /// <summary>Reads the link layer; null when the frame carries no IP or is too short for the fixed IP header.</summary>
    public static EthernetFrame? Read(ReadOnlySpan<byte> frame)
    {
        int at = HeaderLength - 2;
        for (int tags = 0; at + 2 <= frame.Length; tags++, at += TagLength)
        {
            switch (BinaryPrimitives.ReadUInt16BigEndian(frame[at..]))
            {
                case Ipv4:
                    return frame.Length - at - 2 >= InternetHeader.Ipv4Length ? new EthernetFrame(at, IsV6: false) : null;
                case Ipv6:
                    return frame.Length - at - 2 >= InternetHeader.Ipv6Length ? new EthernetFrame(at, IsV6: true) : null;
                case 0x8100 or 0x88a8 when tags < MaxTags: // IEEE 802.1Q, 802.1ad
                    continue;
                default:
                    return null;
            }
        }

        return null;
    }
}
