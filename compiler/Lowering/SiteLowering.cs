using System.Collections.Immutable;
using System.Net.Sockets;
using System.Numerics;
using Weir.Compiler.Lookup;
using Weir.Compiler.Planning;
using Weir.Compiler.Topologies;

namespace Weir.Compiler.Lowering;

/// <summary>Site plan to data plane: how VIPs are matched, where every pool lies, how large arrays are, and the images.</summary>
public static class SiteLowering
{
    /// <summary>Pools of at most this capacity have one-byte ring entries (see <c>bpf/README.md</c>, section 7).</summary>
    public const int NarrowCapacity = 128;

    /// <exception cref="OverflowException">The site's tables exceed 2 GiB.</exception>
    public static DataPlane Lower(SitePlan plan)
    {
        VipMatch? matchV4 = VipMatcher.Choose(plan, AddressFamily.InterNetwork);
        VipMatch? matchV6 = VipMatcher.Choose(plan, AddressFamily.InterNetworkV6);
        ImmutableArray<PoolPlace> pools = PlacePools(plan.Pools);
        bool backendsV4 = plan.Pools.Any(p => p.Backends.Any(b => b.Address.AddressFamily == AddressFamily.InterNetwork));
        bool backendsV6 = plan.Pools.Any(p => p.Backends.Any(b => b.Address.AddressFamily == AddressFamily.InterNetworkV6));
        ImmutableArray<OuterSource> sourcesV4 = backendsV4 ? OuterSources.Of(plan, AddressFamily.InterNetwork) : [];
        ImmutableArray<OuterSource> sourcesV6 = backendsV6 ? OuterSources.Of(plan, AddressFamily.InterNetworkV6) : [];
        VipPolicies policies = VipPolicies.Of(plan);
        var lowered = new DataPlane
        {
            Plan = plan,
            MatchV4 = matchV4,
            MatchV6 = matchV6,
            BackendsV4 = backendsV4,
            BackendsV6 = backendsV6,
            Kinds = DeliveryKind.Of(plan),
            SourcesV4 = sourcesV4,
            SourcesV6 = sourcesV6,
            Pools = pools,
            Policies = policies,
            Sizes = Sizes(policies, plan, Sizes(plan, matchV4, matchV6, pools)) with
            {
                Keys = KeyFiles.Of(plan).IsEmpty ? 0 : KeyFiles.Limit,
                Sources4 = sourcesV4.Length > 1 ? SizeClass.WithRoom(sourcesV4.Length) : 0,
                Sources6 = sourcesV6.Length > 1 ? SizeClass.WithRoom(sourcesV6.Length) : 0,
                Nat = NatRows.Of(plan),
                Sets = FlowRegions.Sets(plan),
                Regions = FlowRegions.Sets(plan) > 0 ? SizeClass.WithRoom(plan.Pools.Length) : 0,
                Servers = ServerTable.Rows(plan),
                Pools = ServerTable.Rows(plan) > 0 ? SizeClass.WithRoom(plan.Pools.Length) : 0,
            },
            Images = [],
        };
        return lowered with { Images = Images.Of(lowered) };
    }

    private static ImmutableArray<PoolPlace> PlacePools(ImmutableArray<PoolPlan> pools)
    {
        var places = ImmutableArray.CreateBuilder<PoolPlace>(pools.Length);
        int ring8 = 0;
        int ring16 = 0;
        int backend = 0;
        foreach (PoolPlan pool in pools)
        {
            bool wide = pool.Capacity > NarrowCapacity;
            places.Add(new PoolPlace(wide, wide ? ring16 : ring8, BitOperations.Log2((uint)pool.Ring.Length), backend));
            checked
            {
                ring8 += wide ? 0 : pool.Ring.Length;
                ring16 += wide ? pool.Ring.Length : 0;
                backend += pool.Capacity;
            }
        }

        return places.ToImmutable();
    }

    /// <summary>Where a VIP is a row of a table, pools and VIPs may be added without a new program, so the arrays have room. Where all are
    /// folded into code another VIP is a new program anyway, and the arrays are as small as they can be.</summary>
    private static TableSizes Sizes(SitePlan plan, VipMatch? matchV4, VipMatch? matchV6, ImmutableArray<PoolPlace> pools)
    {
        VipMatch[] hashed = [.. new[] { matchV4, matchV6 }.OfType<VipMatch>().Where(m => m.Kind == MatchKind.Hashed)];
        Func<int, int> size = hashed.Length > 0 ? SizeClass.WithRoom : SizeClass.Exact;
        int steps = hashed.SelectMany(m => m.Addresses).Select(a => SizeClass.ServiceSteps(a.Services.Length)).DefaultIfEmpty(0).Max();
        int ServiceSets() => hashed.SelectMany(m => m.Addresses).Distinct(ServiceRows.EqualServices).Count();
        int Slots(bool wide) => pools.Zip(plan.Pools).Where(p => p.First.Wide == wide).Sum(p => p.Second.Ring.Length);
        return new TableSizes(
            Vip4Bits: RowBits(matchV4),
            Vip6Bits: RowBits(matchV6),
            ServiceRows: hashed.Length == 0 ? 0 : checked(SizeClass.WithRoom(ServiceSets()) << steps),
            ServiceSteps: steps,
            Ring8Slots: size(Slots(wide: false)),
            Ring16Slots: size(Slots(wide: true)),
            Backends: size(plan.Pools.Sum(p => p.Capacity)),
            Vips: size(plan.Vips.Length));
    }

    /// <summary>Lists of sources grow, so their tables always have room.</summary>
    private static TableSizes Sizes(VipPolicies policies, SitePlan plan, TableSizes sizes) => sizes with
    {
        Policies = policies.HasRows ? sizes.Vips : 0,
        Routes = policies.Routes ? SizeClass.WithRoom(plan.Pools.Length) : 0,
        Intervals4 = SizeClass.WithRoom(policies.V4.Offsets[^1]),
        Intervals6 = SizeClass.WithRoom(policies.V6.Offsets[^1]),
        IntervalSteps4 = IntervalSteps(policies.V4),
        IntervalSteps6 = IntervalSteps(policies.V6),
    };

    private static int IntervalSteps(SourceTable table) =>
        table.IsEmpty ? 0 : BitOperations.Log2((uint)SizeClass.WithRoom(table.Lists.Max(list => list.Length)));

    private static int RowBits(VipMatch? match) =>
        match is { Kind: MatchKind.Hashed } ? SizeClass.VipBits(match.Addresses.Length) : 0;
}
