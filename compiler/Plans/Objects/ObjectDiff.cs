using System.Collections.Immutable;
using System.Globalization;
using Weir.Compiler.Rings;
using Weir.Compiler.Topologies;

namespace Weir.Compiler.Plans.Objects;

/// <summary>Compares two topologies object by object. Positions, files and order do not matter.</summary>
internal sealed class ObjectDiff
{
    private readonly Topology _before;
    private readonly Topology _after;
    private readonly ILookup<string, Vip> _vipsBefore;
    private readonly ILookup<string, Vip> _vipsAfter;
    private readonly Dictionary<string, PoolDiff> _pools;
    private readonly HashSet<string> _namesBefore;
    private readonly HashSet<string> _namesAfter;

    public ObjectDiff(Topology before, Topology after)
    {
        (_before, _after) = (before, after);
        _vipsBefore = BySite(before);
        _vipsAfter = BySite(after);
        _namesBefore = [.. before.Vips.Select(v => v.Name)];
        _namesAfter = [.. after.Vips.Select(v => v.Name)];
        Renames = Objects.Renames.Of(before, after);
        Dictionary<string, Pool> old = before.Pools.ToDictionary(p => p.Name, StringComparer.Ordinal);
        Dictionary<string, Pool> now = after.Pools.ToDictionary(p => p.Name, StringComparer.Ordinal);
        _pools = old.Keys.Union(now.Keys).ToDictionary(name => name, name => PoolDiff.Between(old.GetValueOrDefault(name), now.GetValueOrDefault(name)), StringComparer.Ordinal);
    }

    /// <summary>VIPs by new name, to the old one.</summary>
    public ImmutableDictionary<string, string> Renames { get; }

    /// <summary>Names of all sites, sorted.</summary>
    public ImmutableArray<string> Sites =>
        [.. _before.Sites.Select(s => s.Name).Union(_after.Sites.Select(s => s.Name), StringComparer.Ordinal).Order(StringComparer.Ordinal)];

    /// <summary>Everything at one site that changes, and how many objects do not.</summary>
    public (ImmutableArray<ObjectChange> Changes, int Unchanged) At(string site)
    {
        var changes = ImmutableArray.CreateBuilder<ObjectChange>();
        int unchanged = 0;
        Site? old = _before.Sites.FirstOrDefault(s => s.Name == site);
        Site? now = _after.Sites.FirstOrDefault(s => s.Name == site);
        Add(Compare(ObjectKind.Site, $"sites.{site}", site, null, old, now, s => s.Position, Attributes.Of));
        foreach ((Host? before, Host? after) in Pair(old?.Hosts ?? [], now?.Hosts ?? [], h => h.Name))
        {
            string name = (after ?? before)!.Name;
            Add(Compare(ObjectKind.Host, $"sites.{site}.hosts.{name}", name, $"sites.{site}", before, after, h => h.Position, Attributes.Of));
        }

        HashSet<string> usedBefore = [.. _vipsBefore[site].SelectMany(v => v.PoolsAt(site))];
        HashSet<string> usedAfter = [.. _vipsAfter[site].SelectMany(v => v.PoolsAt(site))];
        foreach (string name in usedBefore.Union(usedAfter).Order(StringComparer.Ordinal))
        {
            PoolDiff pool = _pools[name];
            Add(ComparePool(pool, site, usedBefore.Contains(name), usedAfter.Contains(name)));
            if (pool.Before is null == !usedBefore.Contains(name) && pool.After is null == !usedAfter.Contains(name))
            {
                changes.AddRange(pool.Backends);
                unchanged += pool.Unchanged;
            }
        }

        foreach ((Vip? before, Vip? after) in PairVips(site))
        {
            Add(CompareVip(before, after, site));
        }

        return (changes.ToImmutable(), unchanged);

        void Add(ObjectChange? change)
        {
            if (change is null)
            {
                unchanged++;
            }
            else
            {
                changes.Add(change);
            }
        }
    }

    /// <summary>Settings of the whole topology, and pools that no VIP uses.</summary>
    public ImmutableArray<ObjectChange> Elsewhere()
    {
        var changes = ImmutableArray.CreateBuilder<ObjectChange>();
        if (Compare(ObjectKind.Topology, "policy", "policy", null, _before.Policy, _after.Policy, _ => default, Attributes.Of) is { } policy)
        {
            changes.Add(policy with { Reason = "what the gate refuses from the next change on", Position = Diagnostics.SourceSpan.None });
        }

        if (_before.Seed != _after.Seed && !_before.Sites.IsEmpty)
        {
            changes.Add(new ObjectChange(
                ObjectKind.Topology, ChangeAction.Change, "seed", "seed", null, null, [new AttributeChange("seed", _before.Seed, _after.Seed)],
                Diagnostics.SourceSpan.None, "every flow is hashed anew and may get another backend"));
        }

        HashSet<string> usedBefore = [.. _before.Vips.SelectMany(v => v.Sites.SelectMany(v.PoolsAt))];
        HashSet<string> usedAfter = [.. _after.Vips.SelectMany(v => v.Sites.SelectMany(v.PoolsAt))];
        foreach ((string name, PoolDiff pool) in _pools.OrderBy(p => p.Key, StringComparer.Ordinal))
        {
            if (!usedAfter.Contains(name) && (pool.After is not null || !usedBefore.Contains(name)))
            {
                ObjectChange? change = ComparePool(pool, null, pool.Before is not null, pool.After is not null);
                if (change is not null)
                {
                    changes.Add(change with { Reason = change.Reason ?? "no VIP uses it" });
                }

                changes.AddRange(pool.Backends);
            }
        }

        return changes.ToImmutable();
    }

    /// <summary>Each object once, however many sites have it.</summary>
    public PlanCounts Count(IEnumerable<ObjectChange> changes)
    {
        HashSet<string> before = [.. _before.Pools.Select(p => $"pools.{p.Name}"), .. _before.Vips.Select(v => $"vips.{v.Name}")];
        HashSet<string> after = [.. _after.Pools.Select(p => $"pools.{p.Name}"), .. _after.Vips.Select(v => $"vips.{v.Name}")];
        var actions = changes.GroupBy(c => c.Path, StringComparer.Ordinal).CountBy(g =>
            g.First() is { Was: not null } or { Kind: not (ObjectKind.Pool or ObjectKind.Vip) } ? g.First().Action
            : !after.Contains(g.Key) ? ChangeAction.Remove
            : !before.Contains(g.Key) ? ChangeAction.Add
            // Which sites use a pool is said by its VIPs.
            : g.First().Kind == ObjectKind.Vip || g.Any(c => c.Action == ChangeAction.Change) ? ChangeAction.Change
            : ChangeAction.None).ToDictionary();
        int added = actions.GetValueOrDefault(ChangeAction.Add);
        int changed = actions.GetValueOrDefault(ChangeAction.Change);
        int settings = changes.Where(c => c.Kind == ObjectKind.Topology).Select(c => c.Path).Distinct(StringComparer.Ordinal).Count();
        return new PlanCounts(added, changed, actions.GetValueOrDefault(ChangeAction.Remove), Total(_after) - added - (changed - settings));
    }

    /// <summary>Sites, hosts, pools, backends and VIPs.</summary>
    public static int Total(Topology topology) =>
        topology.Sites.Sum(s => 1 + s.Hosts.Length) + topology.Pools.Sum(p => 1 + p.Backends.Length) + topology.Vips.Length;

    /// <summary>VIPs of a site, before and after, renamed ones together; sorted by name.</summary>
    public IEnumerable<(Vip? Before, Vip? After)> PairVips(string site) =>
        Pair([.. _vipsBefore[site]], [.. _vipsAfter[site]], v => v.Name, name => Renames.GetValueOrDefault(name, name));

    private static IEnumerable<(T? Before, T? After)> Pair<T>(ImmutableArray<T> before, ImmutableArray<T> after, Func<T, string> name, Func<string, string>? nameBefore = null)
        where T : class
    {
        Dictionary<string, T> left = before.ToDictionary(name, StringComparer.Ordinal);
        List<(T? Before, T? After)> pairs = [];
        foreach (T now in after)
        {
            left.Remove(nameBefore is null ? name(now) : nameBefore(name(now)), out T? old);
            pairs.Add((old, now));
        }

        pairs.AddRange(left.Values.Select(old => ((T?)old, (T?)null)));
        return pairs.OrderBy(p => name((p.After ?? p.Before)!), StringComparer.Ordinal);
    }

    private ObjectChange? ComparePool(PoolDiff pool, string? site, bool usedBefore, bool usedAfter)
    {
        string name = (pool.After ?? pool.Before)!.Name;
        ObjectChange? change = Compare(
            ObjectKind.Pool, $"pools.{name}", name, null, usedBefore ? pool.Before : null, usedAfter ? pool.After : null, p => p.Position,
            p => Attributes.Of(p, site, ReferenceEquals(p, pool.After) ? _after.Policy : _before.Policy));
        return change switch
        {
            null => null,
            { Action: ChangeAction.Add } => change with { Reason = pool.Before is null ? Backends(pool.After!) : $"used here from now on, {Backends(pool.After!)}" },
            { Action: ChangeAction.Remove } => change with { Reason = pool.After is null ? Backends(pool.Before!) : "no longer used here" },
            _ => Changed(change, pool.Before!, pool.After!, site),
        };
    }

    private ObjectChange? Changed(ObjectChange change, Pool before, Pool after, string? site)
    {
        // A policy that is the topology's own is said once, of the topology.
        ImmutableArray<AttributeChange> attributes = change.Attributes.RemoveAll(a =>
            (a.Name == "policy.maxLeaving" && before.Policy.MaxLeaving == _before.Policy.MaxLeaving && after.Policy.MaxLeaving == _after.Policy.MaxLeaving)
            || (a.Name == "policy.minimumPool" && before.Policy.MinimumPool == _before.Policy.MinimumPool && after.Policy.MinimumPool == _after.Policy.MinimumPool));
        int slotsBefore = 1 << RingSize.Bits(before);
        int slotsAfter = 1 << RingSize.Bits(after);
        string? reason = slotsBefore == slotsAfter
            ? null
            : string.Create(CultureInfo.InvariantCulture, $"its ring {(slotsAfter > slotsBefore ? "grows" : "shrinks")} from {slotsBefore} to {slotsAfter} slots");
        return attributes.IsEmpty ? null : change with { Attributes = attributes, Reason = reason };
    }

    private ObjectChange? CompareVip(Vip? before, Vip? after, string site)
    {
        Vip vip = (after ?? before)!;
        ObjectChange? change = Compare(
            ObjectKind.Vip, $"vips.{vip.Name}", vip.Name, null, before, after, v => v.Position,
            v => Attributes.Of(v, site, ReferenceEquals(v, after) ? _after.Policy : _before.Policy));
        bool renamed = before is not null && after is not null && before.Name != after.Name;
        if (change is null && renamed)
        {
            change = new ObjectChange(ObjectKind.Vip, ChangeAction.Change, $"vips.{vip.Name}", vip.Name, null, null, [], vip.Position, null);
        }

        if (change is not { Action: ChangeAction.Change })
        {
            return change switch
            {
                null => null,
                { Action: ChangeAction.Add } when _namesBefore.Contains(vip.Name) => change with { Reason = "served here from now on" },
                { Action: ChangeAction.Remove } when _namesAfter.Contains(vip.Name) => change with { Reason = "no longer served here" },
                _ => change,
            };
        }

        ImmutableArray<AttributeChange> attributes = change.Attributes.RemoveAll(a =>
            a.Name == "policy.maxMoving" && before!.Policy.MaxMoving == _before.Policy.MaxMoving && after!.Policy.MaxMoving == _after.Policy.MaxMoving);
        return attributes.IsEmpty && !renamed
            ? null
            : change with { Attributes = attributes, Was = renamed ? before!.Name : null, Reason = renamed ? "renamed: the same addresses and ports" : null };
    }

    private static ObjectChange? Compare<T>(
        ObjectKind kind, string path, string name, string? parent, T? before, T? after, Func<T, Diagnostics.SourceSpan> position, Func<T, ImmutableArray<ObjectAttribute>> attributes)
        where T : class
    {
        if (before is null || after is null)
        {
            return (before, after) switch
            {
                (null, { } now) => new ObjectChange(kind, ChangeAction.Add, path, name, parent, null, AttributeDiff.Added(attributes(now)), position(now), null),
                ({ } old, null) => new ObjectChange(kind, ChangeAction.Remove, path, name, parent, null, AttributeDiff.Removed(attributes(old)), position(old), null),
                _ => null,
            };
        }

        ImmutableArray<AttributeChange> changes = AttributeDiff.Between(attributes(before), attributes(after));
        return changes.IsEmpty ? null : new ObjectChange(kind, ChangeAction.Change, path, name, parent, null, changes, position(after), null);
    }

    private static string Backends(Pool pool) => pool.Backends.Length == 1 ? "1 backend" : string.Create(CultureInfo.InvariantCulture, $"{pool.Backends.Length} backends");

    private static ILookup<string, Vip> BySite(Topology topology) =>
        topology.Vips.SelectMany(v => v.Sites.Select(s => (s, v))).ToLookup(p => p.s, p => p.v, StringComparer.Ordinal);
}
