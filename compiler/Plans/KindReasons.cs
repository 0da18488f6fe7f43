using System.Collections.Immutable;
using System.Globalization;
using System.Net.Sockets;
using Weir.Compiler.Emit;
using Weir.Compiler.Lowering;
using Weir.Compiler.Topologies;

namespace Weir.Compiler.Plans;

/// <summary>How much of what runs is replaced, by the digests that the manifests carry, and what it is that calls for it.</summary>
internal static class KindReasons
{
    public static (KindOfChange? Kind, ImmutableArray<string> Reasons) Of(SiteCompilation before, SiteCompilation after, Site old, Site now)
    {
        if (before is not { DataPlane: { } from, Manifest: { } live } || after is not { DataPlane: { } to, Manifest: { } next })
        {
            return (null, []);
        }

        if (live.Program.Digest != next.Program.Digest)
        {
            ImmutableArray<string> reasons = [.. Constants(from, to, old, now), .. Match("IPv4", from.MatchV4, to.MatchV4), .. Match("IPv6", from.MatchV6, to.MatchV6), .. Sizes(from.Sizes, to.Sizes)];
            bool places = reasons.IsEmpty && !from.Pools.SequenceEqual(to.Pools);
            return (KindOfChange.Program, !reasons.IsEmpty ? reasons : places ? ["pools lie elsewhere in the maps, and their places stand in the code"] : ["a name or constant in the generated text changes"]);
        }

        if (live.TablesDigest != next.TablesDigest)
        {
            return (KindOfChange.Tables, TableReasons(live, next));
        }

        if (!live.KeyFiles.SequenceEqual(next.KeyFiles, StringComparer.Ordinal))
        {
            return (KindOfChange.Tables, ["connection ids have other key files, which an instance is given when it is loaded"]);
        }

        if (!live.Maps.Select(m => (m.Section, m.Size)).SequenceEqual(next.Maps.Select(m => (m.Section, m.Size))) || !from.Pools.SequenceEqual(to.Pools))
        {
            return (KindOfChange.Tables, ["pools lie elsewhere in the maps"]);
        }

        ImmutableArray<string> stores =
        [
            .. Said(live.PopulationDigest != next.PopulationDigest, "backends, weights or rings change"),
            .. Said(live.Traffic.NextHopV4 != next.Traffic.NextHopV4 || live.Traffic.NextHopV6 != next.Traffic.NextHopV6, "the next hop changes"),
        ];
        return stores.IsEmpty ? (KindOfChange.None, []) : (KindOfChange.Population, stores);
    }

    private static ImmutableArray<string> TableReasons(Manifest live, Manifest next)
    {
        HashSet<string> changed = [.. next.Maps.Where(m => m.Part == "tables").Except(live.Maps).Select(m => m.Section)];
        bool policies = changed.Remove(".data.policy");
        bool servers = changed.Remove(".data.server");
        bool fragments = changed.Remove(".data.follow");
        return
        [
            .. Said(changed.Count > 0 || !(policies || servers || fragments), "VIPs, their addresses, ports or pools change, which are rows of tables here"),
            .. Said(policies && changed.Count == 0, "hash policies, source lists or routes change, which are rows of tables"),
            .. Said(fragments && changed.Count == 0, "whose fragments are followed is a row of a table"),
            .. Said(servers, "server ids or the backends that have them change, which are rows of a table"),
        ];
    }

    private static IEnumerable<string> Constants(DataPlane from, DataPlane to, Site old, Site now) =>
    [
        .. Said(from.Plan.HashKey != to.Plan.HashKey, "the seed is a constant of the code"),
        .. Said(from.Plan.Mtu != to.Plan.Mtu, "the MTU is a constant of the code"),
        .. Said(from.Plan.Unmatched != to.Plan.Unmatched, "what happens to unmatched packets is code"),
        .. Said(ManifestDecapsulation.Differ(from.Plan.Decapsulate, to.Plan.Decapsulate), "what is decapsulated, and from whom, is code"),
        .. Said(!from.Plan.Encapsulations.SequenceEqual(to.Plan.Encapsulations), "encapsulations and their sources are constants of the code"),
        .. Said(from.Policies.Hash is { } one && to.Policies.Hash is { } other && one != other, "what of a packet is hashed is code where all VIPs agree"),
        .. Said(from.Policies.Hash is null != to.Policies.Hash is null, $"VIPs {(to.Policies.Hash is null ? "no longer agree" : "now agree")} on what of a packet is hashed"),
        .. Appears("source lists or routes of IPv4", !from.Policies.V4.IsEmpty, !to.Policies.V4.IsEmpty),
        .. Appears("source lists or routes of IPv6", !from.Policies.V6.IsEmpty, !to.Policies.V6.IsEmpty),
        .. Appears("routes to other pools", from.Policies.Routes, to.Policies.Routes),
        .. Appears("IPv4 backends", from.BackendsV4, to.BackendsV4),
        .. Said(Followed(from) != Followed(to), "following fragments is code"),
        .. Appears("IPv6 backends", from.BackendsV6, to.BackendsV6),
        .. Appears("encrypted connection ids", from.Sizes.Keys > 0, to.Sizes.Keys > 0),
        .. Appears("server ids", from.Sizes.Servers > 0, to.Sizes.Servers > 0),
    ];

    private static (bool V4, bool V6) Followed(DataPlane plane) => (plane.Follows(AddressFamily.InterNetwork), plane.Follows(AddressFamily.InterNetworkV6));

    private static IEnumerable<string> Match(string family, VipMatch? from, VipMatch? to)
    {
        if (from is null || to is null)
        {
            return Appears($"{family} VIPs", from is not null, to is not null);
        }

        return (from.Kind, to.Kind) switch
        {
            (MatchKind.Folded, MatchKind.Hashed) => [$"{family} VIPs are too many for code and become rows of a table"],
            (MatchKind.Hashed, MatchKind.Folded) => [$"{family} VIPs are few enough to become code"],
            (MatchKind.Folded, _) => Said(!SameAddresses(from, to), $"{family} VIPs stand in the code, and they change"),
            _ =>
            [
                .. Said(!Equals(from.Prefix, to.Prefix), $"the prefix that covers all {family} VIPs is another"),
                .. Said(!Lengths(from).SetEquals(Lengths(to)), $"{family} VIPs have ranges of other sizes, and the sizes are code"),
            ],
        };
    }

    private static HashSet<int> Lengths(VipMatch match) => [.. match.Addresses.Select(a => a.Length)];

    private static bool SameAddresses(VipMatch from, VipMatch to) =>
        Equals(from.Prefix, to.Prefix)
        && from.Addresses.Select(a => (a.Address, a.Length)).SequenceEqual(to.Addresses.Select(a => (a.Address, a.Length)))
        && from.Addresses.Zip(to.Addresses).All(p => p.First.Services.SequenceEqual(p.Second.Services));

    private static IEnumerable<string> Sizes(TableSizes from, TableSizes to) =>
    [
        .. Size("VIPs", from.Vips, to.Vips),
        .. Size("backends", from.Backends, to.Backends),
        .. Size("slots of narrow rings", from.Ring8Slots, to.Ring8Slots),
        .. Size("slots of wide rings", from.Ring16Slots, to.Ring16Slots),
        .. Size("IPv4 rows", from.Vip4Bits == 0 ? 0 : 1 << from.Vip4Bits, to.Vip4Bits == 0 ? 0 : 1 << to.Vip4Bits),
        .. Size("IPv6 rows", from.Vip6Bits == 0 ? 0 : 1 << from.Vip6Bits, to.Vip6Bits == 0 ? 0 : 1 << to.Vip6Bits),
        .. Size("rows of ports", from.ServiceRows, to.ServiceRows),
        .. Size("server ids", from.Servers, to.Servers),
        .. Grows("pools that routes name", from.Routes, to.Routes),
        .. Grows("intervals of IPv4 sources", from.Intervals4, to.Intervals4),
        .. Grows("intervals of IPv6 sources", from.Intervals6, to.Intervals6),
        .. Grows("IPv4 sources of one VIP", Steps(from.IntervalSteps4), Steps(to.IntervalSteps4)),
        .. Grows("IPv6 sources of one VIP", Steps(from.IntervalSteps6), Steps(to.IntervalSteps6)),
    ];

    /// <summary>Where there are none before or after, something else says so.</summary>
    private static IEnumerable<string> Grows(string what, int from, int to) => from == 0 || to == 0 ? [] : Size(what, from, to);

    private static int Steps(int bits) => bits == 0 ? 0 : 1 << bits;

    private static IEnumerable<string> Size(string what, int from, int to) => Said(
        from != to, string.Create(CultureInfo.InvariantCulture, $"room for {what} {(to > from ? "grows" : "shrinks")} from {from} to {to}"));

    private static IEnumerable<string> Appears(string what, bool before, bool after) => Said(before != after, after ? $"{what} appear" : $"{what} disappear");

    private static IEnumerable<string> Said(bool holds, string reason) => holds ? [reason] : [];
}
