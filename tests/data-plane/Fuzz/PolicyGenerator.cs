using System.Collections.Immutable;
using System.Net;
using System.Net.Sockets;
using Weir.Compiler.Lookup;
using Weir.Compiler.Topologies;

namespace Weir.DataPlaneTests.Fuzz;

/// <summary>Draws what VIPs say of their flows: hash policies, source lists and routes, nested and side by side.</summary>
internal static class PolicyGenerator
{
    private static readonly ImmutableArray<HashPolicy> Named = [HashPolicy.FiveTuple, HashPolicy.ThreeTuple, HashPolicy.WithoutDestinationPort, HashPolicy.SourceAddress];

    public static Topology With(Draw draw, Topology topology)
    {
        HashPolicy all = Hash(draw);
        bool alike = draw.Chance(40);
        return topology with
        {
            Vips = [.. topology.Vips.Select(vip => Sources(draw, vip with { Hash = alike ? all : Hash(draw) }, topology.Pools))],
        };
    }

    private static HashPolicy Hash(Draw draw) => draw.Chance(70) ? draw.OneOf(Named) : HashPolicy.SourcePrefix(draw.Int(1, 32), draw.Int(1, 128));

    private static Vip Sources(Draw draw, Vip vip, ImmutableArray<Pool> pools)
    {
        if (draw.Chance(50))
        {
            return vip;
        }

        AddressFamily[] families = [.. vip.Addresses.Concat(vip.Ranges.Select(r => r.BaseAddress)).Select(a => a.AddressFamily).Distinct()];
        HashSet<IPNetwork> drawn = [];
        byte[] near4 = draw.Bytes(4);
        byte[] near6 = draw.Bytes(16);
        for (int wanted = draw.Weighted((6, draw.Int(1, 8)), (2, draw.Int(9, 60))); wanted > 0; wanted--)
        {
            drawn.Add(Prefix(draw, draw.OneOf([.. families]) == AddressFamily.InterNetworkV6 ? near6 : near4));
        }

        ILookup<int, IPNetwork> kinds = drawn.ToLookup(_ => draw.Weighted((draw.Chance(50) ? 2 : 0, 0), (3, 1), (3, 2)));
        return vip with
        {
            Sources = new SourceLists([.. kinds[0]], [.. kinds[1]]),
            Routes = [.. kinds[2].Concat(kinds[0].Take(2)).Select(p => new SourceRoute(p, draw.OneOf(pools).Name))],
        };
    }

    /// <summary>Around one address, so that prefixes nest, or anywhere.</summary>
    private static IPNetwork Prefix(Draw draw, byte[] near)
    {
        byte[] bytes = draw.Chance(70) ? [.. near] : draw.Bytes(near.Length);
        bytes[draw.Int(0, bytes.Length - 1)] ^= (byte)draw.Pick(0, 1, 0x80);
        int length = draw.Weighted((2, 8 * bytes.Length), (6, draw.Int(1, 8 * bytes.Length)), (1, 0));
        return new IPNetwork(new IPAddress(PrefixBits.And(bytes, PrefixBits.Mask(length, bytes.Length))), length);
    }
}
