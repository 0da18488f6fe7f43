using System.Collections.Immutable;
using System.Net;
using System.Net.Sockets;
using Weir.Compiler.Lookup;
using Weir.Compiler.Model;
using Weir.Compiler.Planning;
using Weir.Compiler.Topologies;

namespace Weir.DataPlaneTests.Fuzz;

/// <summary>Something a packet can be sent to.</summary>
/// <param name="Protocol">6 or 17.</param>
internal sealed record Target(IPAddress Address, byte Protocol, ushort Port)
{
    public bool IsV6 => Address.AddressFamily == AddressFamily.InterNetworkV6;

    /// <summary>Prefixes that the VIP says something of.</summary>
    public ImmutableArray<IPNetwork> Clients { get; init; } = [];

    public byte IcmpProtocol => (byte)(IsV6 ? 58 : 1);

    /// <summary>A service of a VIP.</summary>
    public static Target Served(Draw draw, SitePlan plan)
    {
        VipPlan vip = draw.OneOf(plan.Vips);
        PortRange ports = draw.OneOf(vip.Ports);
        ushort port = draw.Weighted((3, ports.First), (2, ports.Last), (5, (ushort)draw.Int(ports.First, ports.Last)));
        return new Target(AddressOf(draw, vip), (byte)ports.Protocol, port)
        {
            Clients = [.. vip.Sources.Allow.Concat(vip.Sources.Deny).Concat(vip.Routes.Select(r => r.Source))],
        };
    }

    /// <summary>A single address, or an edge or any address of a range.</summary>
    public static IPAddress AddressOf(Draw draw, VipPlan vip)
    {
        if (vip.Ranges.IsEmpty || (vip.Addresses.Length > 0 && draw.Chance(50)))
        {
            return draw.OneOf(vip.Addresses);
        }

        IPNetwork range = draw.OneOf(vip.Ranges);
        if (draw.Chance(50))
        {
            return draw.OneOf([.. RangeEdges.Of(range)]);
        }

        byte[] bytes = draw.Bytes(range.BaseAddress.GetAddressBytes().Length);
        byte[] mask = PrefixBits.Mask(range.PrefixLength, bytes.Length);
        return new IPAddress(PrefixBits.Or(range.BaseAddress.GetAddressBytes(), [.. bytes.Zip(mask, (b, m) => (byte)(b & ~m))]));
    }

    /// <summary>Mostly a service, else a port just outside, another protocol, or any port at all.</summary>
    public static Target Any(Draw draw, SitePlan plan)
    {
        Target served = Served(draw, plan);
        return draw.Weighted(
            (80, served),
            (5, served with { Port = (ushort)(served.Port - 1) }),
            (5, served with { Port = (ushort)(served.Port + 1) }),
            (5, served with { Protocol = (byte)(served.Protocol ^ 6 ^ 17) }),
            (5, served with { Port = draw.UShort() }));
    }

    /// <summary>IP fields of a packet from some client, DF set or not.</summary>
    public IpFields FromClient(Draw draw) =>
        new(Client(draw), Address, draw.Byte(), draw.Byte(), draw.Pick<ushort>(0, 0x4000, 0x4000, 0x8000));

    /// <summary>Anybody, or an edge of a prefix that the VIP says something of, or a neighbour of it.</summary>
    private IPAddress Client(Draw draw)
    {
        ImmutableArray<IPNetwork> own = [.. Clients.Where(p => SourceIntervals.IsV6(p) == IsV6)];
        if (own.IsEmpty || draw.Chance(30))
        {
            return new IPAddress(draw.Bytes(IsV6 ? 16 : 4));
        }

        byte[] bytes = draw.OneOf([.. RangeEdges.Of(draw.OneOf(own))]).GetAddressBytes();
        bytes[^1] ^= (byte)draw.Pick(0, 0, 1);
        return new IPAddress(bytes);
    }
}
