using System.Collections.Immutable;
using System.Globalization;
using System.Net;
using Weir.Compiler.Diagnostics;
using Weir.Compiler.Lookup;
using Weir.Compiler.Topologies;

namespace Weir.DataPlaneTests.Fuzz;

/// <summary>Draws VIPs with ranges, around addresses and ranges of others and on ports that these do not serve.</summary>
internal static class RangeGenerator
{
    public static ImmutableArray<Vip> Vips(Draw draw, Topology topology)
    {
        List<Vip> all = [.. topology.Vips];
        for (int wanted = draw.Int(1, 6); wanted > 0; wanted--)
        {
            ImmutableArray<IPNetwork> ranges = [.. Enumerable.Range(0, draw.Weighted((6, 1), (3, 2), (1, 5))).Select(_ => Range(draw, all)).Distinct()];
            ImmutableArray<PortRange> ports = [.. PortGenerator.Disjoint(draw).Where(ports => all.All(vip => !Meets(vip, ranges) || vip.Ports.All(other => !Overlap(ports, other))))];
            // An address of the VIP inside its own range says nothing new.
            ImmutableArray<IPAddress> addresses = draw.Chance(20) ? [ranges[0].BaseAddress] : [];
            if (!ports.IsEmpty)
            {
                all.Add(new Vip(string.Create(CultureInfo.InvariantCulture, $"wide-{wanted}"), SourceSpan.None)
                {
                    Addresses = addresses,
                    Ranges = ranges,
                    Ports = ports,
                    Pool = draw.OneOf(topology.Pools).Name,
                    Sites = [GeneratedSite.Name],
                });
            }
        }

        return [.. all.Skip(topology.Vips.Length)];
    }

    private static IPNetwork Range(Draw draw, List<Vip> all)
    {
        Vip near = draw.OneOf([.. all]);
        byte[] bytes = (near.Addresses.IsEmpty ? draw.OneOf(near.Ranges).BaseAddress : draw.OneOf(near.Addresses)).GetAddressBytes();
        if (draw.Chance(20))
        {
            bytes[^1] ^= draw.Byte();
        }

        int length = bytes.Length == 4 ? draw.Weighted((3, 28), (2, 24), (5, draw.Int(8, 31))) : draw.Weighted((4, 64), (2, 48), (5, draw.Int(16, 127)));
        return new IPNetwork(new IPAddress(PrefixBits.And(bytes, PrefixBits.Mask(length, bytes.Length))), length);
    }

    private static bool Meets(Vip vip, ImmutableArray<IPNetwork> ranges) => ranges.Any(range =>
        vip.Addresses.Any(range.Contains) || vip.Ranges.Any(other => other.Contains(range.BaseAddress) || range.Contains(other.BaseAddress)));

    private static bool Overlap(PortRange a, PortRange b) => a.Protocol == b.Protocol && a.First <= b.Last && b.First <= a.Last;
}
