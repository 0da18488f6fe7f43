using System.Buffers.Binary;
using System.Net;
using System.Net.Sockets;
using Weir.Compiler.Lookup;
using Weir.Compiler.Lowering;
using Weir.Compiler.Planning;
using Weir.Compiler.Tests.Lookup;
using Weir.Compiler.Topologies;
using Xunit;

namespace Weir.Compiler.Tests.Lowering;

/// <summary>Reads images back by the offsets that README.md and layout.h state, written out here as numbers.</summary>
public sealed class ImageTests
{
    [Theory]
    [InlineData(5, 1)]
    [InlineData(40, 3)]
    [InlineData(1_000, 7)]
    public void Every_address_and_port_leads_to_its_pool(int vips, int pools)
    {
        DataPlane lowered = Samples.Lower(Samples.Topology(vips, pools, 3, true, false, 32, "tcp/80", "tcp/8000-8099", "udp/53"));
        byte[] vip = Bytes(lowered, ".data.vip");
        byte[] service = Bytes(lowered, ".data.service");
        Assert.Equal(MatchKind.Hashed, lowered.MatchV4!.Kind);
        Assert.Equal(MatchKind.Hashed, lowered.MatchV6!.Kind);
        Assert.Equal(2, lowered.Sizes.ServiceSteps);
        for (int v = 0; v < vips; v++)
        {
            VipPlan plan = lowered.Plan.Vips[v];
            PoolPlace place = lowered.Pools[plan.Pool];
            foreach (IPAddress address in plan.Addresses)
            {
                int first = FirstServiceRow(lowered, vip, address);
                foreach ((uint key, bool served) in new[] { (0x6_0050u, true), (0x6_0051u, false), (0x6_1f40u, true), (0x6_1fa3u, true), (0x6_1fa4u, false), (0x11_0035u, true), (0x11_0050u, false), (0x6_0000u, false), (0x11_ffffu, false) })
                {
                    int? row = FindService(service, first, lowered.Sizes.ServiceSteps, key);
                    Assert.Equal(served, row is not null);
                    if (row is int at)
                    {
                        Assert.Equal(v, BitConverter.ToInt32(service, at + 8));
                        Assert.Equal(place.RingOffset, BitConverter.ToInt32(service, at + 12));
                        Assert.Equal(place.BackendOffset, BitConverter.ToInt32(service, at + 16));
                        Assert.Equal(32 - place.RingBits, service[at + 20]);
                        Assert.Equal(0, service[at + 21]);
                        Assert.Equal(plan.Pool, BitConverter.ToUInt16(service, at + 22));
                    }
                }
            }
        }
    }

    [Fact]
    public void Rings_hold_dense_numbers_and_spare_entries_no_backend()
    {
        DataPlane lowered = Samples.Lower(Samples.Topology(6, pools: 3));
        byte[] ring = Bytes(lowered, ".data.ring8");
        Assert.Equal(16_384 + 2, ring.Length);
        for (int p = 0; p < 3; p++)
        {
            Assert.Equal(lowered.Plan.Pools[p].Ring.Select(n => (byte)n), ring.Skip(lowered.Pools[p].RingOffset).Take(4_096));
        }

        Assert.All(ring[12_288..], entry => Assert.Equal(254, entry));
        Assert.DoesNotContain(lowered.Images, i => i.Section == ".data.ring16");
    }

    [Fact]
    public void A_pool_of_large_capacity_has_two_byte_entries()
    {
        DataPlane lowered = Samples.Lower(Samples.Topology(1, backends: 100, capacity: 256));
        byte[] ring = Bytes(lowered, ".data.ring16");
        Assert.Equal(2 * (32_768 + 2), ring.Length);
        Assert.Equal(lowered.Plan.Pools[0].Ring, Enumerable.Range(0, 32_768).Select(slot => BitConverter.ToUInt16(ring, 2 * slot)));
        Assert.Equal(65_534, BitConverter.ToUInt16(ring, 2 * 32_768));
        Assert.True(lowered.Pools[0].Wide);
    }

    [Fact]
    public void A_pool_without_active_backends_has_a_ring_without_any()
    {
        Topology topology = Samples.Topology(1);
        Pool pool = topology.Pools[0];
        topology = topology with { Pools = [pool with { Backends = [.. pool.Backends.Select(b => b with { State = BackendState.Drain })] }] };
        DataPlane lowered = Samples.Lower(topology);
        Assert.All(Bytes(lowered, ".data.ring8"), entry => Assert.Equal(254, entry));
        byte[] rows = Bytes(lowered, ".data.backend");
        Assert.Equal(3, Enumerable.Range(0, 32).Count(row => rows[(row * 8) + 6] == 1));
    }

    [Fact]
    public void Ipv4_rows_hold_address_and_checksum_seed()
    {
        DataPlane lowered = Samples.Lower(Samples.Topology(1));
        byte[] rows = Bytes(lowered, ".data.backend");
        Assert.Equal(32 * 8, rows.Length);
        for (int b = 0; b < 3; b++)
        {
            byte[] address = lowered.Plan.Pools[0].Backends[b].Address.GetAddressBytes();
            Assert.Equal(address, rows[(b * 8)..((b * 8) + 4)]);
            Assert.Equal(1, BitConverter.ToUInt16(rows, (b * 8) + 6));
            AssertChecksum(address, BitConverter.ToUInt16(rows, (b * 8) + 4));
        }

        Assert.All(rows[(3 * 8)..], value => Assert.Equal(0, value));
    }

    [Fact]
    public void Rows_of_a_site_with_ipv6_backends_have_room_for_both_families()
    {
        DataPlane lowered = Samples.Lower(Samples.Topology(1, backends: 4, backends6: true));
        byte[] rows = Bytes(lowered, ".data.backend");
        Assert.Equal(32 * 24, rows.Length);
        for (int b = 0; b < 4; b++)
        {
            IPAddress address = lowered.Plan.Pools[0].Backends[b].Address;
            bool v6 = address.AddressFamily == AddressFamily.InterNetworkV6;
            byte[] bytes = address.GetAddressBytes();
            Assert.Equal(bytes, rows[(b * 24)..((b * 24) + bytes.Length)]);
            Assert.Equal(v6 ? 3 : 1, BitConverter.ToUInt16(rows, (b * 24) + 18));
            if (v6)
            {
                Assert.Equal(0, BitConverter.ToUInt16(rows, (b * 24) + 16));
            }
            else
            {
                AssertChecksum(bytes, BitConverter.ToUInt16(rows, (b * 24) + 16));
            }
        }
    }

    /// <summary>A whole outer header with TOS 0x2e, length 1,234 and source host bits 77, summed from scratch (RFC 1071), against the seed plus the rest.</summary>
    private static void AssertChecksum(byte[] destination, ushort seed)
    {
        byte[] header = [0x45, 0x2e, 0x04, 0xd2, 0, 0, 0x40, 0, 64, 4, 0, 0, 10, 10, 0, 77, .. destination];
        uint sum = 0;
        for (int i = 0; i < 20; i += 2)
        {
            sum += BinaryPrimitives.ReadUInt16BigEndian(header.AsSpan(i));
        }

        sum = (sum & 0xffff) + (sum >> 16);
        ushort expected = (ushort)~((sum & 0xffff) + (sum >> 16));
        uint little = (uint)seed + (0x2e << 8) + 0xd204 + 0x0440 + (77u << 8);
        little = (little & 0xffff) + (little >> 16);
        little = (little & 0xffff) + (little >> 16);
        Assert.Equal(BinaryPrimitives.ReverseEndianness(expected), (ushort)~little);
    }

    /// <summary>A plain search, not the program's.</summary>
    private static int? FindService(byte[] service, int first, int steps, uint key)
    {
        int[] rows = [.. Enumerable.Range(first, 1 << steps).Select(row => row * 32)];
        Assert.True(rows.Zip(rows.Skip(1)).All(p => BitConverter.ToUInt32(service, p.First) <= BitConverter.ToUInt32(service, p.Second)));
        int at = rows.FirstOrDefault(row => BitConverter.ToUInt32(service, row) <= key && key <= BitConverter.ToUInt32(service, row + 4), -1);
        return at < 0 ? null : at;
    }

    private static int FirstServiceRow(DataPlane lowered, byte[] vip, IPAddress address)
    {
        int buckets4 = 1 << (lowered.Sizes.Vip4Bits - 2);
        int buckets6 = 1 << (lowered.Sizes.Vip6Bits - 2);
        int rows4 = 16 + (2 * buckets4) + (2 * buckets6);
        int rows6 = rows4 + (8 << lowered.Sizes.Vip4Bits);
        bool v6 = address.AddressFamily == AddressFamily.InterNetworkV6;
        int displacements = v6 ? 16 + (2 * buckets4) : 16;
        var hash = new PerfectHash(
            BitConverter.ToUInt64(vip, v6 ? 8 : 0),
            [.. Enumerable.Range(0, v6 ? buckets6 : buckets4).Select(b => BitConverter.ToUInt16(vip, displacements + (2 * b)))],
            []);
        int at = v6
            ? rows6 + (24 * PerfectHashTests.Row(address, hash, lowered.Sizes.Vip6Bits))
            : rows4 + (8 * PerfectHashTests.Row(address, hash, lowered.Sizes.Vip4Bits));
        int bytes = v6 ? 16 : 4;
        Assert.Equal(address.GetAddressBytes(), vip[at..(at + bytes)]);
        return BitConverter.ToInt32(vip, at + bytes);
    }

    private static byte[] Bytes(DataPlane lowered, string section) => [.. lowered.Images.Single(i => i.Section == section).Bytes];
}
