using System.Globalization;
using System.Net;
using Weir.Compiler.Model;
using Weir.Compiler.Planning;
using Weir.Compiler.Topologies;
using Weir.DataPlaneTests.Rules;
using Weir.Testing.Plans;
using Xunit;

namespace Weir.DataPlaneTests.Dissect;

/// <summary>A second opinion on every outer header: what the program sends, read by tshark, which shares nothing with the model.</summary>
public sealed class TunnelDissectTests(RuleBench bench) : PacketRules(bench)
{
    private static readonly ushort[][] Tags = [[], [0x8100], [0x88a8, 0x8100]];

    public static TheoryData<string> Names { get; } = [.. TunnelPlans.Cases.Keys];

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Theory]
    [MemberData(nameof(Names))]
    public async Task Tshark_reads_what_was_meant(string name)
    {
        SitePlan plan = TunnelPlans.All(name);
        List<(byte[] Frame, bool OuterV6, bool InnerV6, byte Protocol, int Tags, string Client)> sent = [];
        foreach ((string vip, ushort port) in ((string, ushort)[])[("203.0.113.10", 443), ("2001:db8::10", 443), ("203.0.113.20", 7), ("2001:db8::20", 7)])
        {
            // Pool six has no UDP service.
            foreach (byte protocol in port == 7 ? (byte[])[Tcp] : [Tcp, Udp])
            {
                foreach (ushort[] tags in Tags)
                {
                    foreach (byte trafficClass in (byte[])[0xb8, 0xb9, 0xbb])
                    {
                        IpFields ip = To(vip) with { TrafficClass = trafficClass };
                        byte[] frame = FrameWriter.Frame(ip, protocol, FrameWriter.Transport(ip, protocol, Client, protocol == Udp ? (ushort)53 : port, 33), tags);
                        byte[] output = (await Forwards(frame, TunnelTests.ExtraOf(name) + (port == 7 ? 40 : 20), plan)).Output;
                        sent.Add((output, port == 7, ip.IsV6, protocol, tags.Length, ip.Source.ToString()));
                    }
                }
            }
        }

        foreach ((var frame, Dissection read) in sent.Zip(await Dissector.Read([.. sent.Select(x => x.Frame)], Cancel)))
        {
            try
            {
                Judge(plan, name, frame.OuterV6, frame.InnerV6, frame.Protocol, frame.Tags, frame.Client, read);
            }
            catch (Exception failure)
            {
                throw new InvalidOperationException($"{Convert.ToHexString(frame.Frame)}\n{read}", failure);
            }
        }

        await FindsDamage(plan, [.. sent.Select(x => (x.Frame, x.OuterV6, x.Tags))]);
    }

    /// <summary>The contrast: one bit of each thing that a checksum is over, and tshark says so.</summary>
    private static async Task FindsDamage(SitePlan plan, (byte[] Frame, bool OuterV6, int Tags)[] frames)
    {
        List<byte[]> damaged = [];
        List<bool> outer = [];
        foreach ((byte[] frame, bool outerV6, int tags) in frames)
        {
            damaged.Add(Flip(frame, frame.Length - 1));
            outer.Add(false);
            if (!outerV6)
            {
                damaged.Add(Flip(frame, 14 + (4 * tags) + 8));
                outer.Add(true);
            }
        }

        bool summed = plan.Encapsulations[0].Options.Checksum == true;
        foreach ((bool inOuter, Dissection read) in outer.Zip(await Dissector.Read(damaged, Cancel)))
        {
            Assert.True(read.HasBadChecksum, read.ToString());
            if (summed && !inOuter)
            {
                string protocol = plan.Encapsulations[0].Type == EncapsulationType.Gre ? "gre" : "udp";
                Assert.Equal("0", read[$"{protocol}.checksum.status"][0]);
            }
        }
    }

    private static byte[] Flip(byte[] frame, int at)
    {
        byte[] copy = [.. frame];
        copy[at] ^= 4;
        return copy;
    }

    private static void Judge(SitePlan plan, string name, bool outerV6, bool innerV6, byte protocol, int tags, string client, Dissection read)
    {
        (EncapsulationType type, EncapsulationOptions options) = TunnelPlans.Cases[name];
        string inner = innerV6 ? "ipv6" : "ip", outer = outerV6 ? "ipv6" : "ip", transport = protocol == Tcp ? "tcp" : "udp";
        string between = type switch
        {
            EncapsulationType.Gre => ":gre",
            EncapsulationType.Gue => ":udp:gue",
            EncapsulationType.Vxlan => ":udp:vxlan:eth:ethertype",
            EncapsulationType.Geneve => ":udp:geneve:eth:ethertype",
            _ => "",
        };
        string vlan = tags switch { 0 => "", 1 => ":vlan:ethertype", _ => ":ieee8021ad:ethertype:vlan:ethertype" };
        string wanted = $"eth:ethertype{vlan}:{outer}{between}:{inner}:{transport}";
        Assert.True(read.Protocols == wanted || read.Protocols.StartsWith(wanted + ":", StringComparison.Ordinal), $"{read.Protocols}, not {wanted}");

        // tshark holds a checksum of zero over IPv6 to be illegal, as RFC 8200 does; RFC 6935 permits it to tunnels.
        Assert.Equal(outerV6 && options.Checksum == false, read.Complains);
        Assert.Equal(read.Complains, read["udp.checksum.status"].Contains("4"));
        Assert.False(read.HasBadChecksum);

        // Addresses: the outer source is one of the site's, the outer destination a backend; inside is the client.
        string[] sources = [.. read[$"{outer}.src"]], destinations = [.. read[$"{outer}.dst"]];
        Assert.Contains(destinations[0], plan.Pools.SelectMany(x => x.Backends).Select(x => x.Address.ToString()));
        OuterSource site = (outerV6 ? plan.Encapsulations[0].SourceV6 : plan.Encapsulations[0].SourceV4)!;
        Assert.True(new IPNetwork(site.Address, site.PrefixLength).Contains(IPAddress.Parse(sources[0])));
        Assert.Equal(client, read[$"{inner}.src"][^1]);

        // RFC 6040, section 4.1, normal mode, and DSCP as it is: the outer byte is the inner one.
        string[] classes = [.. read["ip.dsfield"], .. read["ipv6.tclass"]];
        Assert.Equal(2, classes.Length);
        Assert.Single(classes.Select(x => Convert.ToInt32(x, 16)).Distinct());

        bool sum = options.Checksum ?? (outerV6 && between.StartsWith(":udp", StringComparison.Ordinal));
        Assert.Equal((innerV6 ? 0 : 1) + (outerV6 ? 0 : 1), read.GoodChecksums("ip"));
        Assert.Equal(type == EncapsulationType.Gre && sum ? 1 : 0, read.GoodChecksums("gre"));
        Assert.Equal((protocol == Udp ? 1 : 0) + (sum && type != EncapsulationType.Gre ? 1 : 0), read.GoodChecksums("udp"));
        Assert.Equal(protocol == Tcp ? 1 : 0, read.GoodChecksums("tcp"));
        JudgeTunnel(type, options, innerV6, read);
    }

    private static void JudgeTunnel(EncapsulationType type, EncapsulationOptions options, bool innerV6, Dissection read)
    {
        Assert.Equal(options.Key is { } key ? [key] : [], read["gre.key"].Select(x => Convert.ToUInt32(x, 16)));
        Assert.Equal(type == EncapsulationType.Gue ? [options.Variant!.Value] : [], read["gue.variant"].Select(Number));
        Assert.Equal(type == EncapsulationType.Gue && options.Variant == 0 ? [innerV6 ? 41 : 4] : [], read["gue.protocol"].Select(Number));
        Assert.Equal(type == EncapsulationType.Vxlan ? [options.Vni!.Value] : [], read["vxlan.vni"].Select(Number));
        Assert.Equal(type == EncapsulationType.Geneve ? [options.Vni!.Value] : [], read["geneve.vni"].Select(x => x.StartsWith("0x", StringComparison.Ordinal) ? Convert.ToInt32(x, 16) : Number(x)));
        if (options.Port is { } port)
        {
            Assert.Equal(port, Number(read["udp.dstport"][0]));
            Assert.InRange(Number(read["udp.srcport"][0]), 0xc000, 0xffff);
        }

        if (options.InnerDestination is not null)
        {
            Assert.Equal("02:11:22:33:44:55", read["eth.dst"][^1]);
            Assert.Equal("02:00:00:00:00:01", read["eth.src"][^1]);
        }

        // Classes 0x0102 and 0xffff, as in the plan.
        int given = (options.GeneveOptions?.Length ?? 0) switch { 0 => 0, 16 => 1, _ => 2 };
        Assert.Equal(((int[])[0x0102, 0xffff])[..given], read["geneve.option.class"].Select(x => Convert.ToInt32(x, 16)));
    }

    private static int Number(string text) => int.Parse(text, CultureInfo.InvariantCulture);
}
