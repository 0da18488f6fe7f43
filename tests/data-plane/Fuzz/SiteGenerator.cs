using System.Collections.Immutable;
using System.Globalization;
using System.Net;
using System.Net.NetworkInformation;
using Weir.Compiler.Diagnostics;
using Weir.Compiler.Model;
using Weir.Compiler.Topologies;

namespace Weir.DataPlaneTests.Fuzz;

/// <param name="Host">What the host that runs the site's program knows.</param>
internal sealed record GeneratedSite(Topology Topology, HostState Host)
{
    public const string Name = "ams1";
}

/// <summary>Draws topologies of one site: every family, encapsulation, ring width, way to match VIPs and size of MTU.</summary>
internal static class SiteGenerator
{
    /// <summary>Which families VIPs or backends have.</summary>
    private enum Families
    {
        V4,
        V6,
        Both,
    }

    public static GeneratedSite Generate(Draw draw)
    {
        Families vipFamilies = draw.Weighted((2, Families.V4), (2, Families.V6), (6, Families.Both));
        Families backendFamilies = draw.Weighted((2, Families.V4), (2, Families.V6), (4, Families.Both));
        ImmutableArray<Pool> pools = [.. Enumerable.Range(0, draw.Int(1, 5)).Select(index => Pool(draw, index, backendFamilies))];
        Topology topology = new()
        {
            Seed = draw.UInt().ToString("x8", CultureInfo.InvariantCulture),
            Sites = [Site(draw, backendFamilies)],
            Pools = pools,
            Vips = [.. Vips(draw, vipFamilies, pools).OrderBy(vip => vip.Name, StringComparer.Ordinal)],
        };
        topology = draw.Chance(topology.Vips.Length < 4 ? 70 : 35) ? topology with { Vips = [.. topology.Vips, .. RangeGenerator.Vips(draw, topology)] } : topology;
        topology = draw.Chance(40) ? topology with { Pools = [.. topology.Pools.Select(pool => WithSources(draw, pool))] } : topology;
        topology = draw.Chance(40) ? PolicyGenerator.With(draw, topology) : topology;
        topology = draw.Chance(40) ? ServerIdGenerator.Add(draw, topology) : topology;
        GeneratedSite site = new(topology, Host(draw));
        return draw.Chance(60) ? PathGenerator.With(draw, site) : site;
    }

    private static HostState Host(Draw draw) => new(
        draw.Chance(80) ? new PhysicalAddress(draw.Bytes(6)) : null,
        draw.Chance(80) ? new PhysicalAddress(draw.Bytes(6)) : null,
        AnswersTooBig: draw.Chance(80));

    private static Site Site(Draw draw, Families backends)
    {
        OuterSource? v4 = backends != Families.V6 || draw.Chance(20) ? Source(draw.Bytes(4), draw.Chance(40) ? 32 : draw.Int(8, 31)) : null;
        OuterSource? v6 = backends != Families.V4 || draw.Chance(20) ? Source(draw.Bytes(16), draw.Weighted((4, 128), (3, 64), (3, draw.Int(48, 127)))) : null;
        return new Site(GeneratedSite.Name, SourceSpan.None)
        {
            Hosts = [new Host("lb1", "eth0", SourceSpan.None)],
            Encapsulation = new Encapsulation(EncapsulationType.Ipip, v4, v6, SourceSpan.None),
            NextHopV4 = v4 is null ? null : new NextHop(IPAddress.Parse("10.0.0.1"), null),
            NextHopV6 = v6 is null ? null : new NextHop(IPAddress.Parse("fd00::1"), null),
            Mtu = draw.Weighted((4, 1500), (2, 1320), (3, draw.Int(1320, 3498)), (1, 3499), (2, draw.Int(3499, 9216))),
            Unmatched = draw.Pick(Unmatched.Pass, Unmatched.Drop),
        };
    }

    /// <summary>Pools and backends with outer sources of their own, or of one family only.</summary>
    private static Pool WithSources(Draw draw, Pool pool) => pool with
    {
        Encapsulation = draw.Chance(50) ? Override(draw) : null,
        Backends = [.. pool.Backends.Select(backend => draw.Chance(30) ? backend with { Encapsulation = Override(draw) } : backend)],
    };

    private static EncapsulationOverride Override(Draw draw) => new(
        null,
        draw.Chance(80) ? Source([10, (byte)draw.Int(0, 3), 0, 0], draw.Pick(16, 24, 32)) : null,
        draw.Chance(80) ? Source([0xfd, (byte)draw.Int(0, 3), .. new byte[14]], draw.Pick(48, 64, 120, 128)) : null,
        SourceSpan.None);

    /// <summary>The address with its host bits cleared.</summary>
    private static OuterSource Source(byte[] address, int length)
    {
        for (int bit = length; bit < address.Length * 8; bit++)
        {
            address[bit / 8] &= (byte)~(0x80 >> (bit % 8));
        }

        return new OuterSource(new IPAddress(address), length);
    }

    private static Pool Pool(Draw draw, int index, Families families)
    {
        int capacity = draw.Weighted((5, 32), (2, 128), (3, 256), (1, 512));
        bool dead = draw.Chance(12);
        bool light = draw.Chance(70);
        int count = draw.Chance(80) ? draw.Int(1, 8) : draw.Int(1, capacity / 2);
        HashSet<IPAddress> addresses = [];
        while (addresses.Count < count)
        {
            bool v6 = families == Families.V6 || (families == Families.Both && draw.Chance(50));
            addresses.Add(new IPAddress(draw.Bytes(v6 ? 16 : 4)));
        }

        return new Pool(string.Create(CultureInfo.InvariantCulture, $"pool-{index}"), SourceSpan.None)
        {
            Capacity = capacity,
            Algorithm = draw.Chance(25) ? RingAlgorithm.Rendezvous : RingAlgorithm.Maglev,
            Backends =
            [
                .. addresses.Select((address, number) => new Backend(
                    string.Create(CultureInfo.InvariantCulture, $"b-{number:d3}"),
                    address,
                    draw.Chance(10) ? 0 : light ? draw.Int(1, 10) : draw.Int(1, 65535),
                    dead || draw.Chance(10) ? BackendState.Drain : BackendState.Active,
                    SourceSpan.None)),
            ],
        };
    }

    /// <summary>VIPs in groups that share addresses and have the ports between them.</summary>
    private static IEnumerable<Vip> Vips(Draw draw, Families families, ImmutableArray<Pool> pools)
    {
        int wanted = draw.Chance(45) ? draw.Int(1, 3) : draw.Int(4, 60);
        byte[] near4 = draw.Bytes(4);
        byte[] near6 = draw.Bytes(16);
        bool clustered = draw.Chance(70);
        bool follows = draw.Chance(40);
        HashSet<IPAddress> taken = [];
        for (int made = 0; made < wanted;)
        {
            ImmutableArray<IPAddress> addresses = Addresses(draw, families, clustered ? (near4, near6) : null, taken);
            ImmutableArray<PortRange> ports = PortGenerator.Disjoint(draw);
            int sharers = Math.Min(ports.Length, draw.Weighted((6, 1), (2, 2), (1, 3)));
            for (int sharer = 0; sharer < sharers; sharer++, made++)
            {
                yield return new Vip(string.Create(CultureInfo.InvariantCulture, $"vip-{made:d2}"), SourceSpan.None)
                {
                    Addresses = addresses,
                    Ports = [.. ports.Where((_, index) => index % sharers == sharer)],
                    Pool = draw.OneOf(pools).Name,
                    Sites = [GeneratedSite.Name],
                    Fragments = follows && draw.Chance(70) ? FragmentPolicy.Follow : FragmentPolicy.Drop,
                };
            }
        }
    }

    private static ImmutableArray<IPAddress> Addresses(Draw draw, Families families, (byte[] V4, byte[] V6)? near, HashSet<IPAddress> taken)
    {
        List<IPAddress> addresses = [];
        int count = draw.Weighted((6, 1), (3, 2), (1, 4));
        while (addresses.Count < count)
        {
            bool v6 = families == Families.V6 || (families == Families.Both && draw.Chance(50));
            byte[] bytes = draw.Bytes(v6 ? 16 : 4);
            if (near is var (near4, near6))
            {
                // The last octet, or a few bits anywhere below the first half.
                byte[] prefix = v6 ? near6 : near4;
                int keep = draw.Chance(80) ? prefix.Length - 1 : prefix.Length / 2;
                prefix.AsSpan(0, keep).CopyTo(bytes);
            }

            IPAddress address = new(bytes);
            if (taken.Add(address))
            {
                addresses.Add(address);
            }
        }

        return [.. addresses];
    }
}
