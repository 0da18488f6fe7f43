using System.Collections.Immutable;
using System.Net;
using System.Net.Sockets;
using Weir.Compiler.Planning;
using Weir.Compiler.Topologies;

namespace Weir.Testing.Plans;

/// <summary>Site plans written by hand, small enough to know by heart.</summary>
public static class ExamplePlans
{
    /// <summary>
    /// <c>www</c> (203.0.113.10, 2001:db8::10): tcp/443, udp/53, tcp/8000-8099 to two IPv4 backends;
    /// <c>six</c> (203.0.113.20, 2001:db8::20): tcp/* to two IPv6 backends;
    /// <c>gone</c> (203.0.113.30, 2001:db8::30): tcp/80 to a pool that is drained.
    /// MTU 1,500; the outer source is 10.10.0.0/24 or fd00:10::/64.
    /// </summary>
    public static SitePlan Small(Unmatched unmatched = Unmatched.Pass, int mtu = 1500) => new()
    {
        Site = "ams1",
        HashKey = (0x0123456789abcdef, 0xfedcba9876543210),
        Mtu = mtu,
        Unmatched = unmatched,
        Encapsulations = [new EncapsulationPlan(EncapsulationType.Ipip, new OuterSource(IPAddress.Parse("10.10.0.0"), 24), new OuterSource(IPAddress.Parse("fd00:10::"), 64))],
        NextHopV4 = new NextHop(IPAddress.Parse("10.10.0.254"), null),
        NextHopV6 = new NextHop(IPAddress.Parse("fd00:10::ff"), null),
        Pools =
        [
            Pool("drained", 12, new BackendPlan(0x11, "old-1", IPAddress.Parse("10.1.0.99"), 1, BackendState.Drain)),
            Pool("six", 13, Backend(0x21, "six-1", "fd00:1::11"), Backend(0x22, "six-2", "fd00:1::12")),
            Pool("web", 12, Backend(0x31, "web-1", "10.1.0.11"), Backend(0x32, "web-2", "10.1.0.12")),
        ],
        Vips =
        [
            Vip("gone", 0, 30, [Tcp(80)]),
            Vip("six", 1, 20, [Tcp(0, 65535)]),
            Vip("www", 2, 10, [Tcp(443), Tcp(8000, 8099), new PortRange(TransportProtocol.Udp, 53, 53)]),
        ],
    };

    public static PortRange Tcp(ushort first, ushort last = 0) => new(TransportProtocol.Tcp, first, Math.Max(first, last));

    public static BackendPlan Backend(ulong identity, string name, string address) => new(identity, name, IPAddress.Parse(address), 1, BackendState.Active);

    /// <summary>A pool of capacity 32 whose slots take turns over the active backends.</summary>
    public static PoolPlan Pool(string name, int ringBits, params ImmutableArray<BackendPlan> backends)
    {
        ImmutableArray<int> active = [.. Enumerable.Range(0, backends.Length).Where(index => backends[index].State == BackendState.Active)];
        return new PoolPlan
        {
            Name = name,
            Capacity = 32,
            Backends = backends,
            Ring = [.. Enumerable.Range(0, 1 << ringBits).Select(slot => active.IsEmpty ? PoolPlan.NoBackend : (ushort)active[slot % active.Length])],
            Quality = new RingQuality(0, 0),
        };
    }

    /// <summary>The small plan with VIPs of one family only.</summary>
    public static SitePlan OneFamily(AddressFamily family)
    {
        SitePlan plan = Small();
        return plan with
        {
            Vips = [.. plan.Vips.Select(vip => vip with { Addresses = [.. vip.Addresses.Where(address => address.AddressFamily == family)] })],
        };
    }

    private static VipPlan Vip(string name, int pool, int host, ImmutableArray<PortRange> ports) =>
        new(name, pool, [IPAddress.Parse($"203.0.113.{host}"), IPAddress.Parse($"2001:db8::{host}")], ports);
}
