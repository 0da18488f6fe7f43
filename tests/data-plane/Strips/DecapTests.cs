using System.Buffers.Binary;
using System.Net;
using Weir.Applier.Decap;
using Weir.Compiler.Model;
using Weir.Compiler.Model.Strips;
using Weir.Compiler.Topologies;
using Xunit;

namespace Weir.DataPlaneTests.Strips;

/// <summary><c>bpf/README.md</c>, section 8, by the decapsulator for backends.</summary>
public sealed class DecapTests(DecapBench bench)
{
    private static readonly StripRules Rules = new()
    {
        From = [IPNetwork.Parse("10.20.0.0/24"), IPNetwork.Parse("fd00:10::/64")],
        Types = DecapObject.Types,
        ZeroChecksumV6 = true,
    };

    private static readonly StripRules Strict = Rules with { ZeroChecksumV6 = false };

    public static TheoryData<bool, bool> Families { get; } = new() { { false, false }, { false, true }, { true, false }, { true, true } };

    [Theory]
    [MemberData(nameof(Families))]
    public void Everything_we_send_is_stripped_to_the_packet_it_carries(bool outerV6, bool innerV6)
    {
        for (int payload = 0; payload < 5; payload++)
        {
            byte[] inner = Encapsulated.Inner(innerV6, payload);
            foreach ((string name, byte[] frame) in Encapsulated.All(outerV6, inner))
            {
                StripResult result = bench.Run(Rules, frame);
                Assert.True(result.Outcome == StripOutcome.Done, $"{name}: {result.Outcome}");
                Assert.Equal(inner, result.Frame.AsSpan()[14..].ToArray());
            }
        }
    }

    /// <summary>Checksums over several blocks, and VLAN tags in front.</summary>
    [Theory]
    [MemberData(nameof(Families))]
    public void Long_packets_and_tagged_ones_are_stripped_too(bool outerV6, bool innerV6)
    {
        foreach (int payload in new[] { 200, 461, 1400, 1421, 3000 })
        {
            foreach ((string name, byte[] frame) in Encapsulated.All(outerV6, Encapsulated.Inner(innerV6, payload)))
            {
                Assert.True(bench.Run(Rules, frame).Outcome == StripOutcome.Done, name);
                byte[] one = [.. frame[..12], 0x81, 0, 0, 100, .. frame[12..]];
                byte[] two = [.. frame[..12], 0x88, 0xa8, 0, 7, 0x81, 0, 0, 100, .. frame[12..]];
                Assert.Equal(StripOutcome.Done, bench.Run(Rules, one).Outcome);
                Assert.Equal(StripOutcome.Done, bench.Run(Rules, two).Outcome);
                frame[^1] ^= 1;
                bool verified = name is not ("ipip" or "gre" or "gre with a key") && !name.EndsWith("without checksum", StringComparison.Ordinal);
                Assert.Equal(verified ? StripOutcome.Checksum : StripOutcome.Done, bench.Run(Rules, frame).Outcome);
            }
        }
    }

    [Theory]
    [MemberData(nameof(Families))]
    public void A_packet_cut_at_any_length_is_never_taken(bool outerV6, bool innerV6)
    {
        foreach ((string name, byte[] frame) in Encapsulated.All(outerV6, Encapsulated.Inner(innerV6, 0)))
        {
            for (int length = 14; length < frame.Length; length++)
            {
                Assert.True(bench.Run(Rules, frame[..length]).Outcome is StripOutcome.Not or StripOutcome.Malformed, $"{name} cut to {length}");
            }
        }
    }

    /// <summary>The outer lengths say less than the headers need, and the frame holds more.</summary>
    [Theory]
    [MemberData(nameof(Families))]
    public void An_outer_packet_of_any_length_is_never_read_beyond_its_end(bool outerV6, bool innerV6)
    {
        foreach ((string name, byte[] frame) in Encapsulated.All(outerV6, Encapsulated.Inner(innerV6, 0)))
        {
            byte[] cut = [.. frame];
            int at = outerV6 ? 14 + 4 : 14 + 2;
            int whole = BinaryPrimitives.ReadUInt16BigEndian(cut.AsSpan(at));
            for (int length = 0; length < whole; length++)
            {
                BinaryPrimitives.WriteUInt16BigEndian(cut.AsSpan(at), (ushort)length);
                FixUdpLength(cut, outerV6, length);
                Assert.True(bench.Run(Rules, cut).Outcome is StripOutcome.Malformed or StripOutcome.Checksum, $"{name} said to be {length} long");
            }
        }
    }

    /// <summary>Every single bit of the headers turned round; the model says what must become of it.</summary>
    [Theory]
    [MemberData(nameof(Families))]
    public void Any_wrong_bit_is_treated_as_the_rules_say(bool outerV6, bool innerV6)
    {
        HashSet<StripOutcome> seen = [];
        foreach ((_, byte[] frame) in Encapsulated.All(outerV6, Encapsulated.Inner(innerV6, 0)))
        {
            for (int bit = 12 * 8; bit < Math.Min(frame.Length, 130) * 8; bit++)
            {
                frame[bit / 8] ^= (byte)(0x80 >> (bit % 8));
                seen.Add(bench.Run(Rules, frame).Outcome);
                frame[bit / 8] ^= (byte)(0x80 >> (bit % 8));
            }
        }

        Assert.Superset(new HashSet<StripOutcome> { StripOutcome.Not, StripOutcome.Done, StripOutcome.Sender, StripOutcome.Malformed, StripOutcome.Checksum }, seen);
    }

    /// <summary>RFC 6040, figure 4, all sixteen.</summary>
    [Theory]
    [MemberData(nameof(Families))]
    public void Congestion_outside_reaches_the_inner_packet_or_drops_it(bool outerV6, bool innerV6)
    {
        // By inner, then outer field, both as they lie in the packet; -1 is a drop.
        int[,] table = { { 0, 0, 0, -1 }, { 1, 1, 1, 3 }, { 2, 1, 2, 3 }, { 3, 3, 3, 3 } };
        for (byte inner = 0; inner < 4; inner++)
        {
            for (byte outer = 0; outer < 4; outer++)
            {
                foreach ((_, byte[] frame) in Encapsulated.All(outerV6, Encapsulated.Inner(innerV6, 3, (byte)(0xb8 | inner)), (byte)(0x28 | outer)))
                {
                    StripResult result = bench.Run(Rules, frame);
                    Assert.Equal(table[inner, outer] < 0 ? StripOutcome.Ecn : StripOutcome.Done, result.Outcome);
                    if (result.Outcome == StripOutcome.Done)
                    {
                        byte[] packet = result.Frame.AsSpan()[14..].ToArray();
                        int tos = innerV6 ? BinaryPrimitives.ReadUInt16BigEndian(packet) >> 4 & 0xff : packet[1];
                        Assert.Equal(0xb8 | table[inner, outer], tos);
                        Assert.True(innerV6 || InternetChecksum.Of(packet.AsSpan(0, 20)) == 0, "the inner header's checksum");
                    }
                }
            }
        }
    }

    [Theory]
    [InlineData("10.20.1.7", false)]
    [InlineData("10.20.0.255", true)]
    [InlineData("fd00:10:0:1::7", false)]
    [InlineData("fd00:10::ffff:ffff:ffff:ffff", true)]
    public void Only_those_who_may_send_are_heard(string source, bool may)
    {
        IpFields ip = Encapsulated.Outer(source.Contains(':', StringComparison.Ordinal)) with { Source = IPAddress.Parse(source) };
        byte[] inner = Encapsulated.Inner(v6: false);
        Assert.Equal(may ? StripOutcome.Done : StripOutcome.Sender, bench.Run(Rules, FrameWriter.Frame(ip, EncapsulatedFrames.Ipip, inner)).Outcome);

        // What is not encapsulated is nobody's to refuse.
        Assert.Equal(StripOutcome.Not, bench.Run(Rules, FrameWriter.Frame(ip, 6, FrameWriter.Transport(ip, 6, 1, 80, 0))).Outcome);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Fragments_are_dropped_and_later_ones_of_udp_pass(bool outerV6)
    {
        byte[] inner = Encapsulated.Inner(v6: false);
        foreach ((string name, byte[] frame) in Encapsulated.All(outerV6, inner))
        {
            foreach (ushort offset in new ushort[] { 0, 1, 185 })
            {
                byte[] fragment = Fragment(frame, outerV6, offset, more: offset != 185);
                bool udp = frame[outerV6 ? 14 + 6 : 14 + 9] == EncapsulatedFrames.Udp;
                Assert.True(bench.Run(Rules, fragment).Outcome == (udp && offset > 0 ? StripOutcome.Not : StripOutcome.Fragment), $"{name} at {offset}");
            }
        }
    }

    [Fact]
    public void A_missing_checksum_over_ipv6_is_taken_only_where_asked()
    {
        IpFields ip = Encapsulated.Outer(v6: true);
        foreach ((_, _, ushort port, byte[] payload) in EncapsulatedFrames.InUdp(Encapsulated.Inner(v6: true)))
        {
            byte[] frame = FrameWriter.Frame(ip, EncapsulatedFrames.Udp, EncapsulatedFrames.UdpHeader(ip, port, payload, checksum: false));
            Assert.Equal(StripOutcome.Done, bench.Run(Rules, frame).Outcome);
            Assert.Equal(StripOutcome.Checksum, bench.Run(Strict, frame).Outcome);
        }
    }

    [Theory]
    [InlineData("routing", 0x4000)]
    [InlineData("a sequence number", 0x1000)]
    [InlineData("a strict source route", 0x0800)]
    [InlineData("recursion", 0x0400)]
    [InlineData("version 1", 0x0001)]
    public void Gre_that_asks_for_more_is_dropped(string what, int flags)
    {
        byte[] header = EncapsulatedFrames.GreHeader(Encapsulated.Inner(v6: false), (ushort)flags);
        Assert.True(bench.Run(Rules, FrameWriter.Frame(Encapsulated.Outer(v6: false), EncapsulatedFrames.Gre, header)).Outcome == StripOutcome.Malformed, what);
    }

    [Fact]
    public void Gre_with_reserved_bits_that_do_not_matter_is_taken() => Assert.Equal(
        StripOutcome.Done,
        bench.Run(Rules, FrameWriter.Frame(Encapsulated.Outer(v6: false), EncapsulatedFrames.Gre, EncapsulatedFrames.GreHeader(Encapsulated.Inner(v6: true), 0x03f8))).Outcome);

    public static TheoryData<string, int, string> Refused { get; } = new()
    {
        { "a control message of gue", 6080, "20040000" },
        { "gue with private data", 6080, "0104000000000000" },
        { "gue with a flag", 6080, "00040001" },
        { "gue of variant 2", 6080, "80040000" },
        { "gue with another protocol", 6080, "00060000" },
        { "gue of variant 1 with version 5", 6080, "50000000" },
        { "vxlan without the I flag", 4789, "00000000000064000200000000090200000000080800" },
        { "vxlan with a tag inside", 4789, "080000000000640002000000000902000000000881000064" + "0800" },
        { "vxlan with ARP inside", 4789, "08000000000064000200000000090200000000080806" },
        { "geneve of version 1", 6081, "40006558000064000200000000090200000000080800" },
        { "geneve with a critical option", 6081, "01406558000064000102810002000000000902000000000" + "80800" },
        { "a control message of geneve", 6081, "00806558000064000200000000090200000000080800" },
        { "geneve with more options than packet", 6081, "3f006558000064000200000000090200000000080800" },
        { "geneve with ARP", 6081, "0000080600006400" },
    };

    [Theory]
    [MemberData(nameof(Refused))]
    public void What_is_not_known_is_dropped(string what, int port, string header)
    {
        foreach (bool v6 in new[] { false, true })
        {
            IpFields ip = Encapsulated.Outer(v6);
            byte[] payload = [.. Convert.FromHexString(header), .. Encapsulated.Inner(v6: false)];
            byte[] frame = FrameWriter.Frame(ip, EncapsulatedFrames.Udp, EncapsulatedFrames.UdpHeader(ip, (ushort)port, payload, checksum: true));
            Assert.True(bench.Run(Rules, frame).Outcome == StripOutcome.Malformed, what);
        }
    }

    [Fact]
    public void Only_the_outermost_encapsulation_is_stripped()
    {
        byte[] twice = FrameWriter.Packet(Encapsulated.Outer(v6: false), EncapsulatedFrames.Ipip, Encapsulated.Inner(v6: false));
        StripResult result = bench.Run(Rules, FrameWriter.Frame(Encapsulated.Outer(v6: false), EncapsulatedFrames.Ipip, twice));
        Assert.Equal(twice, result.Frame.AsSpan()[14..].ToArray());
    }

    [Fact]
    public void Types_that_are_not_listed_and_other_ports_pass()
    {
        StripRules gre = Rules with { Types = [EncapsulationType.Gre] };
        StripRules moved = Rules with { GuePort = 5555, VxlanPort = 8472, GenevePort = 6082 };
        foreach ((string name, byte[] frame) in Encapsulated.All(outerV6: false, Encapsulated.Inner(v6: false)))
        {
            Assert.Equal(name.StartsWith("gre", StringComparison.Ordinal) ? StripOutcome.Done : StripOutcome.Not, bench.Run(gre, frame).Outcome);
            bool udp = frame[14 + 9] == EncapsulatedFrames.Udp;
            Assert.Equal(udp ? StripOutcome.Not : StripOutcome.Done, bench.Run(moved, frame).Outcome);
        }
    }

    private static void FixUdpLength(byte[] frame, bool outerV6, int length)
    {
        int at = 14 + (outerV6 ? 40 : 20);
        if (frame[outerV6 ? 14 + 6 : 14 + 9] == EncapsulatedFrames.Udp && at + 6 <= frame.Length)
        {
            BinaryPrimitives.WriteUInt16BigEndian(frame.AsSpan(at + 4), (ushort)(outerV6 ? length : Math.Max(0, length - 20)));
            BinaryPrimitives.WriteUInt16BigEndian(frame.AsSpan(at + 6), 0);
        }
    }

    /// <param name="offset">In units of 8 bytes.</param>
    private static byte[] Fragment(byte[] frame, bool outerV6, ushort offset, bool more)
    {
        if (!outerV6)
        {
            byte[] fragment = [.. frame];
            BinaryPrimitives.WriteUInt16BigEndian(fragment.AsSpan(14 + 6), (ushort)(offset | (more ? 0x2000 : 0)));
            return fragment;
        }

        ushort word = (ushort)((offset << 3) | (more ? 1 : 0));
        byte[] extended = [.. frame[..54], frame[20], 0, (byte)(word >> 8), (byte)word, 0, 0, 0, 1, .. frame[54..]];
        extended[20] = 44;
        BinaryPrimitives.WriteUInt16BigEndian(extended.AsSpan(18), (ushort)(extended.Length - 54));
        return extended;
    }
}
