using System.Net;
using Weir.Compiler.Model.Strips;
using Weir.Compiler.Planning;
using Weir.Compiler.Topologies;

namespace Weir.Compiler.Model;

/// <summary>Packets that other sites hand over, and those that they must not.</summary>
internal static class ProofHandovers
{
    private static readonly IPAddress[] Strangers = [IPAddress.Parse("192.0.2.77"), IPAddress.Parse("198.18.0.77"), IPAddress.Parse("2001:db8:57::77"), IPAddress.Parse("3fff::77")];

    /// <summary>Nothing where the site decapsulates nothing.</summary>
    public static IEnumerable<ProofPacket> For(SitePlan plan)
    {
        if (plan.Decapsulate is not { } decapsulation)
        {
            yield break;
        }

        (string Name, byte[] Packet)[] inner = [.. Inner(plan)];
        foreach (IPAddress address in ProofPackets.Spread(decapsulation.Addresses, 4))
        {
            IPAddress[] senders = [.. decapsulation.From.Where(from => from.BaseAddress.AddressFamily == address.AddressFamily).Select(from => from.BaseAddress).Take(1)];
            foreach ((string name, byte[] packet) in inner)
            {
                foreach (IPAddress sender in senders)
                {
                    IpFields outer = new(sender, address, TrafficClass: 1);
                    foreach ((EncapsulationType type, string way, byte[] frame) in EncapsulatedFrames.All(outer, packet))
                    {
                        yield return new ProofPacket($"{name}, handed over to {address} by {way}", [.. frame]);
                        if (decapsulation.Types.Contains(type))
                        {
                            yield return new ProofPacket($"{name}, handed over to {address} by {way} and cut", [.. frame.AsSpan(0, frame.Length - 1)]);
                        }
                    }

                    yield return new ProofPacket($"{name}, handed over to {address} with congestion", [.. FrameWriter.Frame(outer with { TrafficClass = 3 }, packet[0] >> 4 == 6 ? EncapsulatedFrames.Ipv6 : EncapsulatedFrames.Ipip, packet)]);
                }

                foreach (IPAddress stranger in Strangers.Where(s => s.AddressFamily == address.AddressFamily && !decapsulation.From.Any(from => from.Contains(s))))
                {
                    yield return new ProofPacket($"{name}, handed over to {address} by a stranger", [.. EncapsulatedFrames.All(new IpFields(stranger, address), packet).First(f => decapsulation.Types.Contains(f.Type)).Frame]);
                }
            }
        }
    }

    /// <summary>A packet for one VIP of either family.</summary>
    private static IEnumerable<(string Name, byte[] Packet)> Inner(SitePlan plan)
    {
        foreach (bool isV6 in new[] { false, true })
        {
            if (plan.Vips.Where(vip => vip.Ports.Length > 0).SelectMany(vip => vip.SampleAddresses.Select(address => (vip, address)))
                .FirstOrDefault(at => at.address.GetAddressBytes().Length == 16 == isV6) is ({ } vip, { } address))
            {
                IpFields ip = new(ProofFlows.Client(isV6), address);
                byte protocol = (byte)vip.Ports[0].Protocol;
                yield return ($"vips.{vip.Name} {address}", FrameWriter.Packet(ip, protocol, FrameWriter.Transport(ip, protocol, 4711, vip.Ports[0].First, 9)));
            }
        }
    }
}
