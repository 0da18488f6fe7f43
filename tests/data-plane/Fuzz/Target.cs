using System.Net;
using System.Net.Sockets;
using Weir.Compiler.Model;
using Weir.Compiler.Planning;
using Weir.Compiler.Topologies;

namespace Weir.DataPlaneTests.Fuzz;

/// <summary>Something a packet can be sent to.</summary>
/// <param name="Protocol">6 or 17.</param>
internal sealed record Target(IPAddress Address, byte Protocol, ushort Port)
{
    public bool IsV6 => Address.AddressFamily == AddressFamily.InterNetworkV6;

    public byte IcmpProtocol => (byte)(IsV6 ? 58 : 1);

    /// <summary>A service of a VIP.</summary>
    public static Target Served(Draw draw, SitePlan plan)
    {
        VipPlan vip = draw.OneOf(plan.Vips);
        PortRange ports = draw.OneOf(vip.Ports);
        ushort port = draw.Weighted((3, ports.First), (2, ports.Last), (5, (ushort)draw.Int(ports.First, ports.Last)));
        return new Target(draw.OneOf(vip.Addresses), (byte)ports.Protocol, port);
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
        new(new IPAddress(draw.Bytes(IsV6 ? 16 : 4)), Address, draw.Byte(), draw.Byte(), draw.Pick<ushort>(0, 0x4000, 0x4000, 0x8000));
}
