using System.Buffers.Binary;
using System.Net;
using Weir.Compiler.Model;
using Weir.Compiler.Model.Nat;
using Xunit;

namespace Weir.Compiler.Tests.Model.Nat;

/// <summary>Rewritten packets, each checksum held against one made anew from all bytes.</summary>
public sealed class PacketRewriteTests
{
    private static readonly byte[][] V4 = [.. new[] { "198.51.100.7", "203.0.113.10", "10.10.0.32", "10.1.0.11" }.Select(a => IPAddress.Parse(a).GetAddressBytes())];
    private static readonly byte[][] V6 = [.. new[] { "2001:db8:1::7", "2001:db8::10", "2001:db8:a::20", "fd00:1::11" }.Select(a => IPAddress.Parse(a).GetAddressBytes())];

    public static TheoryData<bool, bool, byte> Families => new(
        from f in new[] { false, true } from t in new[] { false, true } from p in new byte[] { 6, 17 } select (f, t, p));

    [Theory]
    [MemberData(nameof(Families))]
    public void Checksums_stay_right_in_every_pair_of_families(bool fromV6, bool toV6, byte protocol)
    {
        Random random = new(7);
        for (int data = 0; data < 300; data++)
        {
            byte[] packet = Packet(fromV6, protocol, data, random);
            int at = fromV6 ? 40 : 20;
            byte[] result = Rewrite(packet, at, protocol, toV6);
            int to = toV6 ? 40 : 20;
            Assert.Equal(to + packet.Length - at, result.Length);
            Assert.Equal(0, Remainder(result, toV6, to, protocol));
            Assert.Equal((63, 0x2e), toV6 ? (result[7], (BinaryPrimitives.ReadUInt16BigEndian(result) >> 4) & 0xff) : (result[8], result[1]));
            Assert.Equal(result.Length, BinaryPrimitives.ReadUInt16BigEndian(result.AsSpan(toV6 ? 4 : 2)) + (toV6 ? 40 : 0));
            Assert.Equal(protocol, result[toV6 ? 6 : 9]);
            Assert.Equal([40_000, 8080], new[] { to, to + 2 }.Select(p => (int)BinaryPrimitives.ReadUInt16BigEndian(result.AsSpan(p))));
            Assert.Equal(packet[(at + (protocol == 6 ? 18 : 8))..], result[(to + (protocol == 6 ? 18 : 8))..]);
            if (!toV6)
            {
                Assert.Equal(0, InternetChecksum.Of(result.AsSpan(0, 20)));
            }
        }
    }

    [Theory]
    [MemberData(nameof(Families))]
    public void Damaged_data_stays_damaged(bool fromV6, bool toV6, byte protocol)
    {
        byte[] packet = Packet(fromV6, protocol, 33, new Random(3));
        packet[^1] ^= 0x10;
        Assert.NotEqual(0, Remainder(Rewrite(packet, fromV6 ? 40 : 20, protocol, toV6), toV6, toV6 ? 40 : 20, protocol));
    }

    [Theory]
    [InlineData(false, false, true)]
    [InlineData(false, true, false)]
    [InlineData(true, false, true)]
    [InlineData(true, true, true)]
    public void A_missing_UDP_checksum_is_filled_in_for_IPv6_alone(bool fromV6, bool toV6, bool stays)
    {
        byte[] packet = Packet(fromV6, 17, 21, new Random(5));
        int at = fromV6 ? 40 : 20;
        packet[at + 6] = packet[at + 7] = 0;
        byte[] result = Rewrite(packet, at, 17, toV6);
        int to = toV6 ? 40 : 20;
        Assert.Equal(stays, BinaryPrimitives.ReadUInt16BigEndian(result.AsSpan(to + 6)) == 0);
        Assert.True(stays || Remainder(result, toV6, to, 17) == 0);
    }

    [Theory]
    [InlineData(1260, 0x0000)]
    [InlineData(1261, 0x4000)]
    public void IPv4_from_IPv6_may_be_fragmented_up_to_1260_bytes(int length, int flags)
    {
        byte[] result = Rewrite(Packet(v6: true, 6, length - 40, new Random(1)), 40, 6, toV6: false);
        int id = flags == 0 ? BinaryPrimitives.ReadUInt16BigEndian(result.AsSpan(36)) : 0;
        Assert.Equal((length, flags, id), (result.Length, BinaryPrimitives.ReadUInt16BigEndian(result.AsSpan(6)), BinaryPrimitives.ReadUInt16BigEndian(result.AsSpan(4))));
    }

    private static byte[] Rewrite(byte[] packet, int at, byte protocol, bool toV6) =>
        PacketRewrite.Of(packet, at, protocol, (toV6 ? V6 : V4)[2], 40_000, (toV6 ? V6 : V4)[3], 8080, 63);

    /// <summary>0 where the transport checksum is right.</summary>
    private static ushort Remainder(byte[] packet, bool v6, int at, byte protocol)
    {
        byte[][] addresses = v6 ? [packet[8..24], packet[24..40]] : [packet[12..16], packet[16..20]];
        return InternetChecksum.Of(packet.AsSpan(at), InternetChecksum.PseudoHeaderV6(addresses[0], addresses[1], packet.Length - at, protocol));
    }

    private static byte[] Packet(bool v6, byte protocol, int data, Random random)
    {
        int at = v6 ? 40 : 20;
        byte[] packet = new byte[at + (protocol == 6 ? 20 : 8) + data];
        random.NextBytes(packet.AsSpan(at));
        byte[][] addresses = v6 ? V6 : V4;
        if (v6)
        {
            BinaryPrimitives.WriteUInt32BigEndian(packet, 0x62e0_0000);
            BinaryPrimitives.WriteUInt16BigEndian(packet.AsSpan(4), (ushort)(packet.Length - at));
            (packet[6], packet[7]) = (protocol, 64);
        }
        else
        {
            (packet[0], packet[1], packet[8], packet[9]) = (0x45, 0x2e, 64, protocol);
            BinaryPrimitives.WriteUInt16BigEndian(packet.AsSpan(2), (ushort)packet.Length);
        }

        addresses[0].CopyTo(packet, v6 ? 8 : 12);
        addresses[1].CopyTo(packet, v6 ? 24 : 16);
        if (!v6)
        {
            BinaryPrimitives.WriteUInt16BigEndian(packet.AsSpan(10), InternetChecksum.Of(packet.AsSpan(0, 20)));
        }

        Span<byte> field = packet.AsSpan(at + (protocol == 6 ? 16 : 6), 2);
        field.Clear();
        ushort checksum = Remainder(packet, v6, at, protocol);
        BinaryPrimitives.WriteUInt16BigEndian(field, checksum == 0 ? (ushort)0xffff : checksum);
        return packet;
    }
}
