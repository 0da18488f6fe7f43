using System.Collections.Immutable;
using System.Globalization;
using System.Net;
using System.Net.NetworkInformation;
using Weir.Compiler.Diagnostics;
using Weir.Compiler.Model;
using Weir.Compiler.Planning;
using Weir.Compiler.Topologies;

namespace Weir.DataPlaneTests.Fuzz;

/// <summary>Draws how packets reach backends: any mix of encapsulations, the same segment, the host itself, NAT.</summary>
internal static class PathGenerator
{
    /// <summary>How many encapsulations a site's program may have.</summary>
    private const int Most = 4;

    public static GeneratedSite With(Draw draw, GeneratedSite site)
    {
        Topology topology = site.Topology;
        (EncapsulationType Type, EncapsulationOptions Options)[] paths = [.. Enumerable.Range(0, draw.Int(1, Most - 1)).Select(_ => Path(draw, MayTranslate(topology)))];
        (EncapsulationType Type, EncapsulationOptions Options) own = draw.OneOf([.. paths]);
        ImmutableArray<IPNetwork> sources = NatSources(draw);
        topology = topology with
        {
            Sites = [topology.Sites[0] with { Hosts = [topology.Sites[0].Hosts[0] with { NatSources = sources }], Encapsulation = topology.Sites[0].Encapsulation with { Type = own.Type, Options = own.Options } }],
            Pools = [.. topology.Pools.Select(pool => pool with
            {
                Encapsulation = draw.Chance(50) ? Override(draw.OneOf([.. paths]), pool.Encapsulation) : pool.Encapsulation,
                Backends = [.. pool.Backends.Select(backend => backend with
                {
                    Encapsulation = draw.Chance(20) ? Override(draw.OneOf([.. paths]), backend.Encapsulation) : backend.Encapsulation,
                    Mac = draw.Chance(70) ? new PhysicalAddress([2, .. draw.Bytes(5)]) : null,
                    Port = draw.Chance(30) ? draw.UShort() : (ushort)0,
                })],
            })],
        };
        return new GeneratedSite(topology, Host(draw, topology, site.Host) with { NatSources = HostNatSources.Of(topology.Sites[0].Hosts[0].Name, sources) });
    }

    /// <summary>What the compiler refuses beside NAT: fragments that are followed, and server ids.</summary>
    private static bool MayTranslate(Topology topology) =>
        topology.Vips.All(vip => vip.Fragments == FragmentPolicy.Drop) && topology.Pools.All(pool => pool.Quic is null && pool.TcpOption is null);

    /// <summary>Four addresses of each family.</summary>
    private static ImmutableArray<IPNetwork> NatSources(Draw draw)
    {
        byte[] v4 = draw.Bytes(4), v6 = draw.Bytes(16);
        v4[3] &= 0xfc;
        v6[15] &= 0xfc;
        return [new IPNetwork(new IPAddress(v4), 30), new IPNetwork(new IPAddress(v6), 126)];
    }

    private static HostState Host(Draw draw, Topology topology, HostState host) => host with
    {
        Links = host.Links.AddRange(topology.Pools.SelectMany(pool => pool.Backends).Select(backend => backend.Address).Distinct()
            .Where(_ => draw.Chance(80)).Select(address => KeyValuePair.Create(address, new PhysicalAddress([2, .. draw.Bytes(5)])))),
    };

    private static (EncapsulationType Type, EncapsulationOptions Options) Path(Draw draw, bool nat)
    {
        EncapsulationType type = nat && draw.Chance(40)
            ? EncapsulationType.Nat
            : draw.Pick(EncapsulationType.Ipip, EncapsulationType.Gre, EncapsulationType.Gue, EncapsulationType.Vxlan, EncapsulationType.Geneve, EncapsulationType.L2, EncapsulationType.Local);
        EncapsulationOptions all = new()
        {
            Key = draw.Chance(50) ? draw.UInt() : null,
            Port = draw.Chance(30) ? draw.UShort() : null,
            Variant = draw.Int(0, 1),
            Checksum = draw.Pick<bool?>(null, null, true, false),
            Vni = draw.Int(0, (1 << 24) - 1),
            InnerDestination = new PhysicalAddress(draw.Bytes(6)),
            InnerSource = draw.Chance(50) ? new PhysicalAddress(draw.Bytes(6)) : null,
            GeneveOptions = string.Concat(Enumerable.Range(0, draw.Int(0, 3)).Select(_ => GeneveOption(draw))),
        };
        return (type, EncapsulationKeys.Resolve(type, all));
    }

    /// <summary>Class, type and up to three words of data.</summary>
    private static string GeneveOption(Draw draw)
    {
        int words = draw.Int(0, 3);
        return string.Create(CultureInfo.InvariantCulture, $"{draw.UShort():x4}{draw.Byte():x2}{words:x2}{Convert.ToHexStringLower(draw.Bytes(4 * words))}");
    }

    /// <summary>Keeps the sources that were said.</summary>
    private static EncapsulationOverride Override((EncapsulationType Type, EncapsulationOptions Options) path, EncapsulationOverride? said) =>
        new(path.Type, said?.SourceV4, said?.SourceV6, SourceSpan.None) { Options = path.Options };
}
