using System.Buffers.Binary;
using System.Net;
using CsCheck;
using Weir.Compiler.Lookup;
using Weir.Compiler.Lowering;
using Xunit;

namespace Weir.Compiler.Tests.Lookup;

public sealed class PerfectHashTests
{
    [Theory]
    [InlineData(1, 4)]
    [InlineData(8, 4)]
    [InlineData(300, 10)]
    [InlineData(4_096, 13)]
    [InlineData(65_536, 18)]
    public void Neighbouring_ipv4_addresses_find_their_rows(int count, int bits) =>
        FindsAll([.. Enumerable.Range(0, count).Select(i => V4(0xcb007100 + (uint)i))], bits);

    [Theory]
    [InlineData(24)]
    [InlineData(16)]
    [InlineData(12)]
    [InlineData(1)]
    public void Ipv4_addresses_a_power_of_two_apart_find_their_rows(int shift) =>
        FindsAll([.. Enumerable.Range(1, 120).Select(i => V4(0x0a000000 + ((uint)i << shift)))], 8);

    [Theory]
    [InlineData(1, 4)]
    [InlineData(40, 7)]
    [InlineData(4_096, 13)]
    [InlineData(65_536, 18)]
    public void Neighbouring_ipv6_addresses_find_their_rows(int count, int bits) =>
        FindsAll([.. Enumerable.Range(0, count).Select(i => V6(0x20010db800000000, (ulong)i))], bits);

    [Theory]
    [InlineData(0)]
    [InlineData(16)]
    [InlineData(32)]
    [InlineData(48)]
    public void Ipv6_addresses_that_differ_in_one_group_find_their_rows(int shift)
    {
        FindsAll([.. Enumerable.Range(0, 120).Select(i => V6(0x20010db800000000, (ulong)i << shift))], 8);
        FindsAll([.. Enumerable.Range(0, 120).Select(i => V6((ulong)i << shift, 1))], 8);
    }

    /// <summary>Any 48 addresses of a subnet: their words differ in the last octet alone.</summary>
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Neighbours_in_a_subnet_never_always_meet(bool v6)
    {
        for (int set = 0; set < 2000; set++)
        {
            Random random = new(set);
            AddressServices[] addresses = [.. Enumerable.Range(0, 256).OrderBy(_ => random.Next()).Take(48)
                .Select(octet => new AddressServices(IPAddress.Parse(v6 ? $"2001:db8:{set:x}::{octet:x}" : $"10.{set >> 8}.{set & 255}.{octet}"), []))];
            PerfectHash.Build(addresses.Length, (key, seed) => VipHash.Of(addresses[key], seed), SizeClass.VipBits(addresses.Length));
        }
    }

    [Fact]
    public void Any_set_of_addresses_finds_its_rows() =>
        Gen.OneOf(
            Gen.UInt.Select(V4).Array[1, 200],
            Gen.Select(Gen.ULong, Gen.ULong, V6).Array[1, 200],
            Gen.Select(Gen.UInt, Gen.UInt[1, 5], (from, step) => Enumerable.Range(0, 150).Select(i => V4(from + ((uint)i * step))).ToArray()))
        .Sample(addresses =>
        {
            IPAddress[] distinct = [.. addresses.Distinct()];
            FindsAll(distinct, BitsFor(distinct.Length));
        }, iter: 500);

    [Fact]
    public void The_same_addresses_make_the_same_table()
    {
        IPAddress[] addresses = [.. Enumerable.Range(0, 100).Select(i => V4(0xc6336400 + (uint)i))];
        PerfectHash a = PerfectHash.Build(addresses.Length, (key, seed) => VipHash.Of(addresses[key], seed), 8);
        PerfectHash b = PerfectHash.Build(addresses.Length, (key, seed) => VipHash.Of(addresses[key], seed), 8);
        Assert.Equal(a.Seed, b.Seed);
        Assert.Equal(a.Displacements, b.Displacements);
        Assert.Equal(a.Rows, b.Rows);
    }

    [Fact]
    public void Equal_keys_are_refused() =>
        Assert.Throws<ArgumentException>(() => PerfectHash.Build(2, (_, seed) => VipHash.Of(V4(1), seed), 4));

    private static void FindsAll(IPAddress[] addresses, int bits)
    {
        PerfectHash hash = PerfectHash.Build(addresses.Length, (key, seed) => VipHash.Of(addresses[key], seed), bits);
        Assert.Equal(1 << bits, hash.Rows.Length);
        Assert.Equal(1 << (bits - 2), hash.Displacements.Length);
        for (int key = 0; key < addresses.Length; key++)
        {
            Assert.Equal(key, hash.Rows[Row(addresses[key], hash, bits)]);
        }
    }

    /// <summary>The lookup as README.md states it, written again.</summary>
    internal static int Row(IPAddress address, PerfectHash hash, int bits)
    {
        byte[] bytes = address.GetAddressBytes();
        ulong x;
        unchecked
        {
            if (bytes.Length == 4)
            {
                x = BitConverter.ToUInt32(bytes) * hash.Seed;
            }
            else
            {
                ulong w0 = BitConverter.ToUInt64(bytes, 0);
                ulong w1 = BitConverter.ToUInt64(bytes, 8);
                ulong y = (w0 ^ hash.Seed) * 0x9e3779b97f4a7c15;
                x = (y ^ (y >> 32) ^ w1 ^ (w1 >> 32)) * hash.Seed;
            }
        }

        int b = bits - 2;
        return (int)((uint)(x >> 32) ^ hash.Displacements[x >> (64 - b)]) & ((1 << bits) - 1);
    }

    private static int BitsFor(int count)
    {
        int bits = 4;
        while (1 << bits < 2 * count)
        {
            bits++;
        }

        return bits;
    }

    private static IPAddress V4(uint value)
    {
        var bytes = new byte[4];
        BinaryPrimitives.WriteUInt32BigEndian(bytes, value);
        return new IPAddress(bytes);
    }

    private static IPAddress V6(ulong high, ulong low)
    {
        var bytes = new byte[16];
        BinaryPrimitives.WriteUInt64BigEndian(bytes, high);
        BinaryPrimitives.WriteUInt64BigEndian(bytes.AsSpan(8), low);
        return new IPAddress(bytes);
    }
}
