using System.Net;
using System.Net.NetworkInformation;
using Weir.Compiler.Model;
using Weir.Compiler.Planning;
using Weir.Compiler.Topologies;
using Xunit;

namespace Weir.Compiler.Tests.Model;

/// <summary>Headers written down by hand from their specifications' figures, field by field, and sums made elsewhere.</summary>
public sealed class TunnelHeaderTests
{
    /// <summary>198.51.100.2:12345 to 203.0.113.10:53, UDP, four bytes; 32 bytes long.</summary>
    private const string Inner4 = "45000020000040004011d48cc6336402cb00710a" + "30390035000c884f77656972";

    /// <summary>The same from 2001:db8:51::2 to 2001:db8:ff::10; 52 bytes long.</summary>
    private const string Inner6 = "60000000000c1140" + "20010db8005100000000000000000002" + "20010db800ff00000000000000000010" + "30390035000c91bc77656972";

    /// <summary>Its upper 14 bits below 0xc000 make the source port c48d.</summary>
    private const uint Entropy = 0x12345678;

    private const string Ethernet = "021122334455" + "020000000001";

    private static readonly EncapsulationOptions Virtual = new()
    {
        Vni = 0x123456,
        InnerDestination = PhysicalAddress.Parse("02-11-22-33-44-55"),
        InnerSource = PhysicalAddress.Parse("02-00-00-00-00-01"),
    };

    public static TheoryData<string, bool, bool, string> Figures { get; } = new()
    {
        // RFC 2003, RFC 2473, RFC 4213: the packet follows at once.
        { "ipip", false, false, "" },

        // RFC 2784, section 2: C and Reserved0, version 0, EtherType.
        { "gre", false, false, "0000" + "0800" },
        { "gre", true, true, "0000" + "86dd" },

        // RFC 2784, section 2: C; checksum and Reserved1.
        { "gre-sum", false, false, "8000" + "0800" + "de5d" + "0000" },

        // RFC 2890, section 2: K; the key.
        { "gre-key", false, true, "2000" + "86dd" + "deadbeef" },
        { "gre-key-sum", true, true, "a000" + "86dd" + "67e1" + "0000" + "00000011" },

        // draft-ietf-intarea-gue-09, section 3.1: variant 0, C 0, Hlen 0; IP protocol; flags. UDP: ports, length, checksum (RFC 768).
        { "gue", false, false, "c48d" + "17c0" + "002c" + "0000" + "00" + "04" + "0000" },
        { "gue", false, true, "c48d" + "17c0" + "0040" + "0000" + "00" + "29" + "0000" },
        { "gue", true, true, "c48d" + "17c0" + "0040" + "562f" + "00" + "29" + "0000" },
        { "gue-sum", false, false, "c48d" + "17c0" + "002c" + "758c" + "00" + "04" + "0000" },

        // RFC 6935, section 5: zero over IPv6.
        { "gue-zero", true, true, "c48d" + "17c0" + "0040" + "0000" + "00" + "29" + "0000" },

        // draft-ietf-intarea-gue-09, section 4: variant 1, whose first bits are those of IP's version.
        { "gue-1", false, true, "c48d" + "270f" + "003c" + "0000" },
        { "gue-1", true, false, "c48d" + "270f" + "0028" + "1ec7" },

        // RFC 7348, section 5: I; reserved; the network identifier; reserved; the Ethernet header.
        { "vxlan", false, false, "c48d" + "12b5" + "003e" + "0000" + "08" + "000000" + "123456" + "00" + Ethernet + "0800" },
        { "vxlan", true, false, "c48d" + "12b5" + "003e" + "5026" + "08" + "000000" + "123456" + "00" + Ethernet + "0800" },
        { "vxlan-sum", false, true, "c48d" + "12b5" + "0052" + "4115" + "08" + "000000" + "123456" + "00" + Ethernet + "86dd" },

        // RFC 8926, section 3.4: version 0, option words; O, C; Trans Ether Bridging; the network identifier; reserved.
        { "geneve", false, false, "c48d" + "17c1" + "003e" + "0000" + "00" + "00" + "6558" + "123456" + "00" + Ethernet + "0800" },

        // Section 3.5: class, type, length in words; and C where a type's top bit says that it is critical.
        { "geneve-options-sum", false, false, "c48d" + "17c1" + "0046" + "0eed" + "02" + "00" + "6558" + "123456" + "00" + "0102" + "01" + "01" + "00112233" + Ethernet + "0800" },
        { "geneve-critical", false, false, "c48d" + "17c1" + "0042" + "0000" + "01" + "40" + "6558" + "123456" + "00" + "0102" + "82" + "00" + Ethernet + "0800" },
    };

    [Theory]
    [MemberData(nameof(Figures))]
    public void It_is_the_figure(string name, bool outerV6, bool innerV6, string expected)
    {
        EncapsulationPlan encapsulation = Of(name);
        byte[] inner = Convert.FromHexString(innerV6 ? Inner6 : Inner4);
        int length = TunnelHeader.Length(encapsulation);
        byte[] bytes = [.. new byte[length], .. inner];
        (string source, string destination) = outerV6 ? ("2001:db8:a::1", "2001:db8:b::11") : ("10.10.0.1", "10.1.0.11");
        TunnelHeader.Write(encapsulation, bytes, inner.Length, innerV6, Entropy, IPAddress.Parse(source).GetAddressBytes(), IPAddress.Parse(destination).GetAddressBytes());
        Assert.Equal(expected, Convert.ToHexStringLower(bytes[..length]));
        Assert.Equal(inner, bytes[length..]);
    }

    /// <summary>RFC 791 with RFC 6864's id of an atomic datagram; the outer TOS is the inner one, ECN included (RFC 6040, section 4.1).</summary>
    [Fact]
    public void The_outer_ipv4_header_is_the_figure()
    {
        byte[] header = new byte[20];
        OuterHeader.WriteV4(header, 0xb9, 80, 47, [10, 10, 0, 1], [10, 1, 0, 11]);
        Assert.Equal("45b90050" + "00004000" + "402f25b0" + "0a0a0001" + "0a01000b", Convert.ToHexStringLower(header));
    }

    /// <summary>RFC 8200, section 3, the flow label from the flow's hash (RFC 6438).</summary>
    [Fact]
    public void The_outer_ipv6_header_is_the_figure()
    {
        byte[] header = new byte[40];
        OuterHeader.WriteV6(header, 0xb9, Entropy, 64, 17, IPAddress.Parse("2001:db8:a::1").GetAddressBytes(), IPAddress.Parse("2001:db8:b::11").GetAddressBytes());
        Assert.Equal("6b945678" + "00401140" + "20010db8000a00000000000000000001" + "20010db8000b00000000000000000011", Convert.ToHexStringLower(header));
    }

    private static EncapsulationPlan Of(string name)
    {
        (EncapsulationType type, EncapsulationOptions options) = name switch
        {
            "gre" => (EncapsulationType.Gre, EncapsulationOptions.None),
            "gre-sum" => (EncapsulationType.Gre, new EncapsulationOptions { Checksum = true }),
            "gre-key" => (EncapsulationType.Gre, new EncapsulationOptions { Key = 0xdeadbeef }),
            "gre-key-sum" => (EncapsulationType.Gre, new EncapsulationOptions { Key = 17, Checksum = true }),
            "gue" => (EncapsulationType.Gue, EncapsulationOptions.None),
            "gue-sum" => (EncapsulationType.Gue, new EncapsulationOptions { Checksum = true }),
            "gue-zero" => (EncapsulationType.Gue, new EncapsulationOptions { Checksum = false }),
            "gue-1" => (EncapsulationType.Gue, new EncapsulationOptions { Variant = 1, Port = 9999 }),
            "vxlan" => (EncapsulationType.Vxlan, Virtual),
            "vxlan-sum" => (EncapsulationType.Vxlan, Virtual with { Checksum = true }),
            "geneve" => (EncapsulationType.Geneve, Virtual),
            "geneve-options-sum" => (EncapsulationType.Geneve, Virtual with { Checksum = true, GeneveOptions = "0102010100112233" }),
            "geneve-critical" => (EncapsulationType.Geneve, Virtual with { GeneveOptions = "01028200" }),
            _ => (EncapsulationType.Ipip, EncapsulationOptions.None),
        };
        return new EncapsulationPlan(type, null, null) { Options = EncapsulationKeys.Resolve(type, options) };
    }
}
