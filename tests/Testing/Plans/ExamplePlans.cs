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

    /// <summary>The small plan's <c>www</c>, or all its VIPs (<c>six</c> on tcp/1-1000), which makes them hashed; and two VIPs with ranges:
    /// <c>wide</c> (203.0.113.0/24, 2001:db8::/64): tcp/9000 to <c>web</c>; within it
    /// <c>deep</c> (203.0.113.64/28, 2001:db8::4000/116): tcp/9100 to <c>six</c>.
    /// </summary>
    public static SitePlan Ranges(bool hashed)
    {
        SitePlan plan = Small();
        return plan with
        {
            Vips =
            [
                Range("deep", 1, "203.0.113.64/28", "2001:db8::4000/116", 9100),
                .. hashed ? [plan.Vips[0], plan.Vips[1] with { Ports = [Tcp(1, 1000)] }, plan.Vips[2]] : new[] { plan.Vips[2] },
                Range("wide", 2, "203.0.113.0/24", "2001:db8::/64", 9000),
            ],
        };
    }

    /// <summary>The small plan with three encapsulations: <c>web-1</c> has the site's, <c>web-2</c> 10.20.0.9; <c>six-1</c> the site's, <c>six-2</c> fd00:20::/96.</summary>
    public static SitePlan Sources()
    {
        SitePlan plan = Small();
        EncapsulationPlan own = plan.Encapsulations[0];
        return plan with
        {
            Encapsulations =
            [
                own,
                own with { SourceV6 = new OuterSource(IPAddress.Parse("fd00:20::"), 96) },
                own with { SourceV4 = new OuterSource(IPAddress.Parse("10.20.0.9"), 32) },
            ],
            Pools = [plan.Pools[0], Second(plan.Pools[1], 1), Second(plan.Pools[2], 2)],
        };

        static PoolPlan Second(PoolPlan pool, int encapsulation) =>
            pool with { Backends = [pool.Backends[0], pool.Backends[1] with { Encapsulation = encapsulation }] };
    }

    /// <summary>The small plan's VIPs with server ids: <c>www</c> (quic/443, quic/8443, udp/53 and tcp/443) finds 0a1b, 0a1c and, down, 0a1d by configs 0 (2 bytes of server
    /// id, 6 of nonce), 1 (3 and 5) and 2 (12 and 4), or by TCP option 253; <c>six</c> (tcp/* and quic/443) finds 01 and fffe by Katran's connection ids. VIPs as many as make them hashed.</summary>
    public static SitePlan ServerIds(bool hashed = false)
    {
        SitePlan plan = Small();
        PoolPlan web = Pool(
            "web",
            12,
            Backend(0x31, "web-1", "10.1.0.11") with { ServerId = "0a1b" },
            Backend(0x32, "web-2", "10.1.0.12") with { ServerId = "0a1c" },
            new BackendPlan(0x33, "web-3", IPAddress.Parse("10.1.0.13"), 1, BackendState.Down) { ServerId = "0a1d" },
            new BackendPlan(0x34, "web-4", IPAddress.Parse("10.1.0.14"), 1, BackendState.Drain) { ServerId = "07" });
        PoolPlan six = Pool("six", 13, Backend(0x21, "six-1", "fd00:1::11") with { ServerId = "01" }, Backend(0x22, "six-2", "fd00:1::12") with { ServerId = "fffe" });
        VipPlan[] vips =
        [
            plan.Vips[0],
            Vip("six", 1, 20, [Tcp(0, 65535), Quic(443)]),
            Vip("www", 2, 10, [Tcp(443), new PortRange(TransportProtocol.Udp, 53, 53), Quic(443), Quic(8443)]),
        ];
        return plan with
        {
            Pools =
            [
                plan.Pools[0],
                six with { Quic = new QuicRouting(QuicScheme.Katran, []) },
                web with
                {
                    Quic = new QuicRouting(QuicScheme.QuicLb, [new QuicConfig(0, 2, 6, null), new QuicConfig(1, 3, 5, null), new QuicConfig(2, 12, 4, null)]),
                    TcpOption = 253,
                },
            ],
            Vips = [.. vips, .. hashed ? Enumerable.Range(1, 5).Select(n => Vip($"more-{n}", 2, 100 + n, [Quic(443)])) : []],
        };
    }

    public static PortRange Quic(ushort port) => new(TransportProtocol.Udp, port, port) { Quic = true };

    private static VipPlan Range(string name, int pool, string v4, string v6, ushort port) =>
        new(name, pool, [], [Tcp(port)]) { Ranges = [IPNetwork.Parse(v4), IPNetwork.Parse(v6)] };

    private static VipPlan Vip(string name, int pool, int host, ImmutableArray<PortRange> ports) =>
        new(name, pool, [IPAddress.Parse($"203.0.113.{host}"), IPAddress.Parse($"2001:db8::{host}")], ports);
}
