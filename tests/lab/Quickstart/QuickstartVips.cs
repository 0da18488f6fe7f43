using System.Collections.Immutable;
using System.Net;
using Weir.Compiler.Emit;
using Weir.Compiler.Topologies;

namespace Weir.Lab.Quickstart;

/// <summary>What to serve and to ask, read from the bundle: HTTP on TCP ports, echo on UDP ports.</summary>
public sealed record QuickstartVips(ImmutableArray<IPEndPoint> Http, ImmutableArray<IPEndPoint> Echo)
{
    public IEnumerable<IPAddress> Addresses => Http.Concat(Echo).Select(vip => vip.Address).Distinct();

    public static QuickstartVips Of(Manifest manifest)
    {
        IEnumerable<IPEndPoint> With(TransportProtocol protocol) =>
            from vip in manifest.Vips
            from ports in vip.Ports.Select(PortText.Parse).OfType<PortRange>()
            where ports.Protocol == protocol
            from address in vip.Addresses
            select new IPEndPoint(IPAddress.Parse(address), ports.First);

        return new QuickstartVips([.. With(TransportProtocol.Tcp)], [.. With(TransportProtocol.Udp)]);
    }
}
