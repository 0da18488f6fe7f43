using System.Buffers.Binary;
using System.Net.NetworkInformation;
using Weir.Applier.State;

namespace Weir.Applier.Apply;

/// <summary>The bytes of <c>.data.site</c> (<c>struct weir_site</c>): what a host writes for itself.</summary>
public static class SiteData
{
    public const string Section = ".data.site";

    public const int NextHopV4 = 0, NextHopV6 = 8;

    /// <summary>Packet-too-big messages per CPU and second.</summary>
    public const uint IcmpLimit = 100;

    private const int IcmpLimitOffset = 16, Size = 24;

    private const ulong Valid = 1UL << 48;

    public static byte[] Bytes(NextHopValues nextHops, uint icmpLimit)
    {
        byte[] bytes = new byte[Size];
        BinaryPrimitives.WriteUInt64LittleEndian(bytes.AsSpan(NextHopV4), nextHops.V4);
        BinaryPrimitives.WriteUInt64LittleEndian(bytes.AsSpan(NextHopV6), nextHops.V6);
        BinaryPrimitives.WriteUInt32LittleEndian(bytes.AsSpan(IcmpLimitOffset), icmpLimit);
        return bytes;
    }

    /// <summary>A MAC as the word that the program reads; 0 for none.</summary>
    public static ulong Word(PhysicalAddress? mac)
    {
        if (mac is null)
        {
            return 0;
        }

        Span<byte> bytes = stackalloc byte[8];
        mac.GetAddressBytes().CopyTo(bytes);
        return BinaryPrimitives.ReadUInt64LittleEndian(bytes) | Valid;
    }

    /// <summary>The MAC in a word, or null when none is valid.</summary>
    public static PhysicalAddress? Mac(ulong word)
    {
        Span<byte> bytes = stackalloc byte[8];
        BinaryPrimitives.WriteUInt64LittleEndian(bytes, word);
        return (word & Valid) == 0 ? null : new PhysicalAddress(bytes[..6].ToArray());
    }
}
