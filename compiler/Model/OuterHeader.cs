using System.Buffers.Binary;
using Weir.Compiler.Planning;
using Weir.Compiler.Topologies;

namespace Weir.Compiler.Model;

/// <summary>IP headers that the load balancer writes.</summary>
public static class OuterHeader
{
    private const byte HopLimit = 64;
    private const ushort DontFragment = 0x4000;
    private const int EntropyBits = 32;

    /// <summary>Length of the header in front of a packet for a backend of the family.</summary>
    public static int Length(bool isV6) => isV6 ? InternetHeader.Ipv6Length : InternetHeader.Ipv4Length;

    /// <summary>Bytes that an encapsulation puts in front of a packet for a backend of the family.</summary>
    public static int Overhead(EncapsulationPlan encapsulation, bool outerV6) =>
        EncapsulationKeys.HasSource(encapsulation.Type) ? Length(outerV6) + TunnelHeader.Length(encapsulation) : 0;

    /// <summary>An IPv4 header without options: id 0 with DF (RFC 6864), TTL 64.</summary>
    /// <param name="total">Total length in bytes.</param>
    public static void WriteV4(Span<byte> at, byte tos, int total, byte protocol, ReadOnlySpan<byte> source, ReadOnlySpan<byte> destination)
    {
        at[..InternetHeader.Ipv4Length].Clear();
        at[0] = 0x45;
        at[1] = tos;
        BinaryPrimitives.WriteUInt16BigEndian(at[2..], checked((ushort)total));
        BinaryPrimitives.WriteUInt16BigEndian(at[6..], DontFragment);
        at[8] = HopLimit;
        at[9] = protocol;
        source.CopyTo(at[12..]);
        destination.CopyTo(at[16..]);
        BinaryPrimitives.WriteUInt16BigEndian(at[10..], InternetChecksum.Of(at[..InternetHeader.Ipv4Length]));
    }

    /// <summary>An IPv6 header, hop limit 64.</summary>
    /// <param name="flowLabel">Its low 20 bits are used.</param>
    /// <param name="payload">Payload length in bytes.</param>
    public static void WriteV6(Span<byte> at, byte trafficClass, uint flowLabel, int payload, byte nextHeader, ReadOnlySpan<byte> source, ReadOnlySpan<byte> destination)
    {
        BinaryPrimitives.WriteUInt32BigEndian(at, (6u << 28) | ((uint)trafficClass << 20) | (flowLabel & 0xfffff));
        BinaryPrimitives.WriteUInt16BigEndian(at[4..], checked((ushort)payload));
        at[6] = nextHeader;
        at[7] = HopLimit;
        source.CopyTo(at[8..]);
        destination.CopyTo(at[24..]);
    }

    /// <summary>The site's address, with as many low bits of <paramref name="h2"/> as the prefix leaves, at most 32.</summary>
    public static byte[] Source(OuterSource source, uint h2)
    {
        byte[] address = source.Address.GetAddressBytes();
        int hostBits = Math.Min(EntropyBits, (address.Length * 8) - source.PrefixLength);
        uint mask = (uint)((1UL << hostBits) - 1);
        Span<byte> low = address.AsSpan(address.Length - 4);
        uint kept = BinaryPrimitives.ReadUInt32BigEndian(low) & ~mask;
        BinaryPrimitives.WriteUInt32BigEndian(low, kept | (h2 & mask));
        return address;
    }
}
