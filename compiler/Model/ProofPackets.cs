using System.Collections.Immutable;
using System.Net;
using System.Net.Sockets;
using Weir.Compiler.Model.ConnectionIds;
using Weir.Compiler.Planning;
using Weir.Compiler.Topologies;

namespace Weir.Compiler.Model;

/// <param name="Name">What the packet is about, for messages: <c>vips.www 203.0.113.10 tcp/443: first port</c>.</param>
public sealed record ProofPacket(string Name, ImmutableArray<byte> Frame);

/// <summary>Packets derived from a site plan that a program must treat as the reference model does before it sees traffic.
/// The same plan always gives the same packets.</summary>
public static class ProofPackets
{
    /// <summary>No plan gives more packets than this.</summary>
    public const int Limit = 2560;

    // Shares of the limit. Packets too big are among the thorough ones: 16 addresses stay below the default rate limit.
    private const int ThoroughAddresses = 16;
    private const int ServicePackets = 700;
    private const int FlowPackets = 700;
    private const int SourcePackets = 500;
    private const int ServerIdPackets = 300;

    /// <summary>Packets for the whole plan: foreign ones, every VIP's services, every rule, every backend; spread evenly over
    /// the VIPs and pools where there are more than fit.</summary>
    public static ImmutableArray<ProofPacket> For(SitePlan plan, ImmutableSortedDictionary<string, IdCipher>? ciphers = null)
    {
        ImmutableArray<(VipPlan Vip, IPAddress Address)> addresses = [.. plan.Vips.Where(vip => vip.Ports.Length > 0).SelectMany(vip => vip.SampleAddresses.Select(address => (vip, address)))];
        ImmutableArray<(VipPlan Vip, IPAddress Address, PortRange Ports)> services =
            [.. addresses.SelectMany(at => at.Vip.Ports.Select(ports => (at.Vip, at.Address, ports)))];
        IEnumerable<ProofPacket> packets = ProofRules.Foreign(plan)
            .Concat(ProofHandovers.For(plan))
            .Concat(Spread([.. services.SelectMany(at => ProofRules.Ports(at.Vip, at.Address, at.Ports))], ServicePackets))
            .Concat(ProofFlows.For(plan, FlowPackets))
            .Concat(Spread(ProofSources.For(plan), SourcePackets))
            .Concat(ProofServerIds.For(plan, ciphers ?? ImmutableSortedDictionary<string, IdCipher>.Empty, ServerIdPackets))
            .Concat(Thorough(addresses).SelectMany(at => ProofRules.Thorough(plan, at.Vip, at.Address)));
        return [.. packets.Take(Limit)];
    }

    /// <summary>Some addresses of either family.</summary>
    private static IEnumerable<(VipPlan Vip, IPAddress Address)> Thorough(ImmutableArray<(VipPlan Vip, IPAddress Address)> addresses) =>
        addresses.GroupBy(at => at.Address.AddressFamily == AddressFamily.InterNetworkV6)
            .SelectMany(family => Spread([.. family], ThoroughAddresses / 2));

    /// <summary>All items, or <paramref name="limit"/> of them at even distances.</summary>
    internal static IEnumerable<T> Spread<T>(ImmutableArray<T> items, int limit) => items.Length <= limit
        ? items
        : Enumerable.Range(0, limit).Select(index => items[(int)((long)index * items.Length / limit)]);
}
