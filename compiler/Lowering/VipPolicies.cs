using System.Collections.Immutable;
using System.Net.Sockets;
using Weir.Compiler.Lookup;
using Weir.Compiler.Planning;
using Weir.Compiler.Topologies;

namespace Weir.Compiler.Lowering;

/// <summary>What a site's VIPs say of their flows: what the hash takes in, and which sources they serve from where.</summary>
/// <param name="Hash">The policy that all VIPs share, which is folded into code; null where they differ.</param>
/// <param name="V4">What VIPs say of IPv4 sources.</param>
/// <param name="V6">The same for IPv6.</param>
public sealed record VipPolicies(HashPolicy? Hash, SourceTable V4, SourceTable V6)
{
    /// <summary>Whether the program has a row for every VIP.</summary>
    public bool HasRows => Hash is null || !V4.IsEmpty || !V6.IsEmpty;

    /// <summary>Whether any source is another pool's.</summary>
    public bool Routes => V4.Routes || V6.Routes;

    public static VipPolicies Of(SitePlan plan)
    {
        HashPolicy[] policies = [.. plan.Vips.Select(v => v.Hash).Distinct()];
        return new VipPolicies(
            policies is [] or [_] ? policies.FirstOrDefault(HashPolicy.FiveTuple) : null,
            SourceTable.Of(plan, isV6: false),
            SourceTable.Of(plan, isV6: true));
    }
}

/// <summary>Intervals of sources of one family: VIPs with equal ones share them.</summary>
/// <param name="Lists">Each list of intervals once, in order of first use.</param>
/// <param name="ListOf">By VIP: index into <paramref name="Lists"/>, or -1 where the VIP serves every source from its own pool.</param>
public sealed record SourceTable(ImmutableArray<ImmutableArray<SourceInterval>> Lists, ImmutableArray<int> ListOf)
{
    public bool IsEmpty => Lists.IsEmpty;

    public bool Routes => Lists.Any(list => list.Any(i => i.Pool >= 0));

    /// <summary>Rows that a list takes: a power of two, since the search halves them.</summary>
    public static int RowsOf(ImmutableArray<SourceInterval> list) => SizeClass.Exact(list.Length);

    /// <summary>First row of every list, and the number of all rows at the end.</summary>
    public ImmutableArray<int> Offsets
    {
        get
        {
            var offsets = ImmutableArray.CreateBuilder<int>(Lists.Length + 1);
            offsets.Add(0);
            foreach (ImmutableArray<SourceInterval> list in Lists)
            {
                offsets.Add(checked(offsets[^1] + RowsOf(list)));
            }

            return offsets.MoveToImmutable();
        }
    }

    public static SourceTable Of(SitePlan plan, bool isV6)
    {
        var lists = ImmutableArray.CreateBuilder<ImmutableArray<SourceInterval>>();
        var known = new Dictionary<ImmutableArray<SourceInterval>, int>(EqualIntervals);
        var listOf = ImmutableArray.CreateBuilder<int>(plan.Vips.Length);
        foreach (VipPlan vip in plan.Vips)
        {
            ImmutableArray<SourceInterval> list = HasFamily(vip, isV6) && !(vip.Sources.IsAll && vip.Routes.IsEmpty) ? SourceIntervals.Of(vip.Sources, vip.Routes, isV6) : [];
            if (list is [] or [{ Pool: SourceIntervals.Own }])
            {
                listOf.Add(-1);
                continue;
            }

            if (known.TryAdd(list, lists.Count))
            {
                lists.Add(list);
            }

            listOf.Add(known[list]);
        }

        return new SourceTable(lists.ToImmutable(), listOf.MoveToImmutable());
    }

    private static bool HasFamily(VipPlan vip, bool isV6) => vip.Addresses.Concat(vip.Ranges.Select(r => r.BaseAddress))
        .Any(a => a.AddressFamily == AddressFamily.InterNetworkV6 == isV6);

    private static IEqualityComparer<ImmutableArray<SourceInterval>> EqualIntervals { get; } = EqualityComparer<ImmutableArray<SourceInterval>>.Create(
        (a, b) => a.AsSpan().SequenceEqual(b.AsSpan()),
        list => list.Aggregate(list.Length, (hash, interval) => HashCode.Combine(hash, interval)));
}
