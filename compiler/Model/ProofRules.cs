using System.Globalization;
using System.Net;
using System.Net.Sockets;
using Weir.Compiler.Planning;
using Weir.Compiler.Topologies;

namespace Weir.Compiler.Model;

/// <summary>Packets that exercise the packet rules one by one.</summary>
internal static class ProofRules
{
    private const ushort ClientPort = 40_000;

    /// <summary>Largest frame that BPF_PROG_RUN takes in one page with 256 bytes of headroom, with room to spare.</summary>
    private const int LargestFrame = 3_400;

    /// <summary>Frames that are not for any VIP.</summary>
    public static IEnumerable<ProofPacket> Foreign(SitePlan plan)
    {
        HashSet<IPAddress> taken = [.. plan.Vips.SelectMany(vip => vip.SampleAddresses)];
        yield return new ProofPacket("an ARP frame", [.. FrameWriter.Frame(0x0806, new byte[46])]);
        yield return new ProofPacket("an Ethernet header alone", [.. FrameWriter.Frame(EthernetFrame.Ipv4, [])]);
        yield return new ProofPacket("three VLAN tags", [.. FrameWriter.Frame(EthernetFrame.Ipv4, new byte[40], 0x88a8, 0x8100, 0x8100)]);
        foreach (IPAddress address in taken.GroupBy(address => address.AddressFamily).SelectMany(family => ProofPackets.Spread([.. family], 8)))
        {
            foreach (int step in new[] { -1, 1, 256 })
            {
                IPAddress other = Step(address, step);
                if (!plan.Vips.Any(vip => vip.Holds(other)))
                {
                    yield return Tcp($"{other} is no VIP", other, 443);
                }
            }
        }

        yield return Tcp("a foreign IPv4 address", IPAddress.Parse("192.0.2.255"), 443);
        yield return Tcp("a foreign IPv6 address", IPAddress.Parse("2001:db8:ffff:ffff::ff"), 443);
    }

    /// <summary>The edges of a port range, the ports just outside and the other protocol.</summary>
    public static IEnumerable<ProofPacket> Ports(VipPlan vip, IPAddress address, PortRange ports)
    {
        byte protocol = (byte)ports.Protocol;
        byte other = protocol == InternetHeader.Tcp ? InternetHeader.Udp : InternetHeader.Tcp;
        yield return One("first port", protocol, ports.First);
        if (ports.Last != ports.First)
        {
            yield return One("last port", protocol, ports.Last);
        }

        if (ports.First > 0)
        {
            yield return One("port before", protocol, (ushort)(ports.First - 1));
        }

        if (ports.Last < ushort.MaxValue)
        {
            yield return One("port behind", protocol, (ushort)(ports.Last + 1));
        }

        yield return One("other protocol", other, ports.First);

        ProofPacket One(string what, byte number, ushort port)
        {
            IpFields ip = new(ProofSources.Client(vip, address.AddressFamily == AddressFamily.InterNetworkV6), address);
            return Named(vip, address, string.Create(CultureInfo.InvariantCulture, $"{what}, protocol {number} port {port}"), Frame(ip, number, port, 10));
        }
    }

    /// <summary>Every rule once, for one address of a VIP.</summary>
    public static IEnumerable<ProofPacket> Thorough(SitePlan plan, VipPlan vip, IPAddress address)
    {
        bool isV6 = address.AddressFamily == AddressFamily.InterNetworkV6;
        IpFields ip = new(ProofSources.Client(vip, isV6), address, TrafficClass: 0xb9); // EF, ECT(1)
        byte protocol = (byte)vip.Ports[0].Protocol;
        ushort port = vip.Ports[0].First;
        byte[] transport = FrameWriter.Transport(ip, protocol, ClientPort, port, 30);
        byte[] frame = FrameWriter.Frame(ip, protocol, transport);
        IEnumerable<(string What, byte[] Frame)> cases =
        [
            ("an ordinary packet", frame),
            ("Ethernet padding", [.. frame, 1, 2, 3]),
            ("one VLAN tag", FrameWriter.Frame(ip, protocol, transport, 0x8100)),
            ("two VLAN tags", FrameWriter.Frame(ip, protocol, transport, 0x88a8, 0x8100)),
            ("an unknown protocol", FrameWriter.Frame(ip, 132, transport)),
            ("a packet one byte short", frame[..^1]),
            ("half a header", frame[..(EthernetFrame.HeaderLength + 24)]),
            ("half a transport header", FrameWriter.Frame(ip, protocol, transport.AsSpan(0, 6))),
            .. isV6 ? SpecialsV6(ip, protocol, transport) : SpecialsV4(ip, protocol, transport),
            .. vip.Fragments == FragmentPolicy.Follow ? ProofFragments.Of(ip, protocol, transport) : [],
            .. Icmp(ip, protocol, port),
            .. Sizes(plan, ip, protocol, port),
        ];
        return cases.Select(one => Named(vip, address, one.What, one.Frame));
    }

    private static IEnumerable<(string What, byte[] Frame)> SpecialsV4(IpFields ip, byte protocol, byte[] transport) =>
    [
        ("IPv4 options", FrameWriter.Frame(ip with { Options = [1, 1, 1, 0, 1, 1, 1, 0] }, protocol, transport)),
        ("a first fragment", FrameWriter.Frame(ip with { Fragment = 0x2000 }, protocol, transport)),
        ("a later fragment", FrameWriter.Frame(ip with { Fragment = 0x0010 }, protocol, transport)),
    ];

    private static IEnumerable<(string What, byte[] Frame)> SpecialsV6(IpFields ip, byte protocol, byte[] transport)
    {
        Extension hopByHop = new(0, [0, 0, 1, 4, 0, 0, 0, 0]);
        Extension options = new(60, [0, 1, 1, 12, .. new byte[12]]);
        Extension routed = new(43, [0, 0, 4, 0, 0, 0, 0, 0]);
        Extension routing = new(43, [0, 0, 4, 1, 0, 0, 0, 0]);
        Extension atomic = new(44, [0, 0, 0, 0, 9, 9, 9, 9]);
        Extension first = new(44, [0, 0, 0, 1, 9, 9, 9, 9]);
        return
        [
            ("extension headers", FrameWriter.Frame(ip with { Extensions = [hopByHop, options, routed, atomic] }, protocol, transport)),
            ("eight extension headers", FrameWriter.Frame(ip with { Extensions = [.. Enumerable.Repeat(options, 8)] }, protocol, transport)),
            ("nine extension headers", FrameWriter.Frame(ip with { Extensions = [.. Enumerable.Repeat(options, 9)] }, protocol, transport)),
            ("a route with segments left", FrameWriter.Frame(ip with { Extensions = [routing] }, protocol, transport)),
            ("a fragment", FrameWriter.Frame(ip with { Extensions = [first] }, protocol, transport)),
        ];
    }

    private static IEnumerable<(string What, byte[] Frame)> Icmp(IpFields ip, byte protocol, ushort port)
    {
        byte icmp = ip.IsV6 ? InternetHeader.IcmpV6 : InternetHeader.Icmp;
        IpFields reversed = new(ip.Destination, ip.Source);
        byte[] quote = FrameWriter.Packet(reversed, protocol, FrameWriter.Transport(reversed, protocol, port, ClientPort, 12));
        byte[] foreign = FrameWriter.Packet(ip, protocol, FrameWriter.Transport(ip, protocol, port, ClientPort, 12));
        int least = quote.Length - (protocol == InternetHeader.Tcp ? 24 : 12);
        (byte Type, byte Code)[] errors = ip.IsV6 ? [(1, 4), (2, 0), (3, 0), (4, 1)] : [(3, 1), (3, 4), (11, 0), (12, 0)];
        yield return ("an echo request", FrameWriter.Frame(ip, icmp, FrameWriter.Icmp(ip, (byte)(ip.IsV6 ? 128 : 8), 0, 0x00070001, new byte[56])));
        yield return ("a router solicitation or timestamp", FrameWriter.Frame(ip, icmp, FrameWriter.Icmp(ip, (byte)(ip.IsV6 ? 133 : 13), 0, 0, new byte[16])));
        foreach ((byte type, byte code) in errors)
        {
            yield return (string.Create(CultureInfo.InvariantCulture, $"ICMP error {type}/{code}"), FrameWriter.Frame(ip, icmp, FrameWriter.Icmp(ip, type, code, 1400, quote)));
        }

        yield return ("an ICMP error with the least quote", FrameWriter.Frame(ip, icmp, FrameWriter.Icmp(ip, errors[0].Type, 1, 0, quote.AsSpan(0, least))));
        yield return ("an ICMP error with too short a quote", FrameWriter.Frame(ip, icmp, FrameWriter.Icmp(ip, errors[0].Type, 1, 0, quote.AsSpan(0, least - 1))));
        yield return ("an ICMP error about somebody else's flow", FrameWriter.Frame(ip, icmp, FrameWriter.Icmp(ip, errors[0].Type, 1, 0, foreign)));
    }

    private static IEnumerable<(string What, byte[] Frame)> Sizes(SitePlan plan, IpFields ip, byte protocol, ushort port)
    {
        int headers = (ip.IsV6 ? InternetHeader.Ipv6Length : InternetHeader.Ipv4Length) + (protocol == InternetHeader.Tcp ? 20 : 8);
        foreach (int length in new[] { plan.Mtu - 40, plan.Mtu - 39, plan.Mtu - 20, plan.Mtu - 19 }.Where(length => length + EthernetFrame.HeaderLength <= LargestFrame))
        {
            string size = string.Create(CultureInfo.InvariantCulture, $"{length} bytes");
            yield return (size, Frame(ip, protocol, port, length - headers));
            if (!ip.IsV6)
            {
                yield return ($"{size} without DF", Frame(ip with { Fragment = 0 }, protocol, port, length - headers));
            }
        }
    }

    private static byte[] Frame(IpFields ip, byte protocol, ushort port, int payload) =>
        FrameWriter.Frame(ip, protocol, FrameWriter.Transport(ip, protocol, ClientPort, port, payload));

    private static ProofPacket Tcp(string name, IPAddress address, ushort port)
    {
        IpFields ip = new(ProofFlows.Client(address.AddressFamily == AddressFamily.InterNetworkV6), address);
        return new ProofPacket(name, [.. Frame(ip, InternetHeader.Tcp, port, 0)]);
    }

    private static ProofPacket Named(VipPlan vip, IPAddress address, string what, byte[] frame) => new($"vips.{vip.Name} {address}: {what}", [.. frame]);

    /// <summary>An address that many further, within the last 16 bits.</summary>
    private static IPAddress Step(IPAddress address, int by)
    {
        byte[] bytes = address.GetAddressBytes();
        int low = ((bytes[^2] << 8) | bytes[^1]) + by;
        bytes[^2] = (byte)(low >> 8);
        bytes[^1] = (byte)low;
        return new IPAddress(bytes);
    }
}
