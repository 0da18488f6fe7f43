using System.Collections.Immutable;
using System.Net;
using Weir.Compiler.Diagnostics;
using Weir.Compiler.Topologies;

namespace Weir.Compiler.Plans;

/// <summary>What must not happen by oversight. Thresholds and protection are those of the base revision: a change cannot lift what holds it.
/// A pure function, so that a host can ask it again of what is live and what comes.</summary>
public static class Gate
{
    /// <summary>What every IPv6 link must carry (RFC 8200, section 5).</summary>
    private const int LeastIPv6 = 1280;

    /// <param name="sites">What becomes of every site.</param>
    /// <param name="renames">VIPs by new name, to the old one.</param>
    /// <returns>By code, object and site.</returns>
    public static ImmutableArray<GateFinding> Evaluate(
        Topology before, Topology after, ImmutableArray<SiteChange> sites, ImmutableDictionary<string, string> renames, ImmutableArray<GateOverride> overrides)
    {
        List<(string Object, string? Site, Diagnostic Diagnostic)> findings =
        [
            .. Seed(before, after),
            .. Pools(before, after),
            .. Vips(before, after, sites, renames),
            .. Protection(before, after, renames),
            .. sites.SelectMany(s => Site(before, after, s)),
        ];
        return
        [
            .. findings.OrderBy(f => f.Diagnostic.Code, StringComparer.Ordinal).ThenBy(f => f.Object, StringComparer.Ordinal).ThenBy(f => f.Site, StringComparer.Ordinal)
                .ThenBy(f => f.Diagnostic.Message, StringComparer.Ordinal)
                .Select(f => new GateFinding(f.Object, f.Site, f.Diagnostic, overrides.FirstOrDefault(o => o.Code == f.Diagnostic.Code && o.Target == f.Object))),
        ];
    }

    private static IEnumerable<(string, string?, Diagnostic)> Seed(Topology before, Topology after) =>
        before.Sites.IsEmpty || before.Seed == after.Seed ? [] : [("seed", null, Diagnose.SeedChanged())];

    private static IEnumerable<(string, string?, Diagnostic)> Pools(Topology before, Topology after)
    {
        Dictionary<string, Pool> heads = after.Pools.ToDictionary(p => p.Name, StringComparer.Ordinal);
        Dictionary<string, Pool> bases = before.Pools.ToDictionary(p => p.Name, StringComparer.Ordinal);
        HashSet<string> served = UsedPools(before);
        HashSet<string> vips = [.. after.Vips.Select(v => v.Name)];
        foreach (Pool pool in before.Pools.Where(p => served.Contains(p.Name)))
        {
            Pool? head = heads.GetValueOrDefault(pool.Name);
            HashSet<IPAddress> active = [.. pool.Backends.Where(TakesFlows).Select(b => b.Address)];
            int left = head is null ? 0 : head.Backends.Count(b => TakesFlows(b) && active.Contains(b.Address));
            int leaving = active.Count - left;

            // With its last VIP gone a pool serves nobody: the VIP is what is refused then.
            bool used = head is not null || before.Vips.Any(v => vips.Contains(v.Name) && v.Sites.Any(s => v.PoolsAt(s).Contains(pool.Name)));
            if (used && active.Count >= pool.Policy.MinimumPool && leaving * 100L > (long)pool.Policy.MaxLeaving * active.Count)
            {
                yield return ($"pools.{pool.Name}", null, Diagnose.TooManyLeave((head ?? pool).Position, pool.Name, leaving, active.Count, pool.Policy.MaxLeaving));
            }
        }

        foreach (string name in UsedPools(after).Order(StringComparer.Ordinal))
        {
            Pool pool = heads[name];
            bool emptyBefore = bases.TryGetValue(name, out Pool? old) && served.Contains(name) && !old.Backends.Any(TakesFlows);
            if (!emptyBefore && !pool.Backends.Any(TakesFlows))
            {
                yield return ($"pools.{name}", null, Diagnose.PoolLeftEmpty(pool.Position, name));
            }
        }
    }

    private static IEnumerable<(string, string?, Diagnostic)> Vips(Topology before, Topology after, ImmutableArray<SiteChange> sites, ImmutableDictionary<string, string> renames)
    {
        HashSet<string> stays = [.. after.Vips.Select(v => renames.GetValueOrDefault(v.Name, v.Name))];
        Dictionary<string, Vip> bases = before.Vips.ToDictionary(v => v.Name, StringComparer.Ordinal);
        HashSet<string> told = [];
        foreach (SiteChange site in sites)
        {
            foreach (VipTraffic traffic in site.Traffic)
            {
                string old = renames.GetValueOrDefault(traffic.Vip, traffic.Vip);
                if (bases.GetValueOrDefault(old) is not { } vip)
                {
                    continue;
                }

                if (!traffic.Withdrawn.IsEmpty)
                {
                    if (!stays.Contains(old))
                    {
                        if (told.Add(old))
                        {
                            yield return ($"vips.{old}", null, Diagnose.VipWithdrawn(vip.Position, old));
                        }
                    }
                    else if (traffic.Pool is null)
                    {
                        yield return ($"vips.{traffic.Vip}", site.Site, Diagnose.VipLeavesSite(vip.Position, traffic.Vip, site.Site));
                    }
                    else
                    {
                        yield return ($"vips.{traffic.Vip}", site.Site, Diagnose.ServiceWithdrawn(vip.Position, traffic.Vip, Few(traffic.Withdrawn), site.Site));
                    }
                }

                if (before.Seed == after.Seed && traffic.MovedPpm > vip.Policy.MaxMoving * 10_000L)
                {
                    yield return ($"vips.{traffic.Vip}", site.Site, Diagnose.TooMuchMoves(vip.Position, traffic.Vip, site.Site, traffic.MovedPpm, vip.Policy.MaxMoving));
                }
            }
        }
    }

    private static IEnumerable<(string, string?, Diagnostic)> Protection(Topology before, Topology after, ImmutableDictionary<string, string> renames)
    {
        HashSet<string> left =
        [
            .. after.Sites.Select(s => $"sites.{s.Name}"),
            .. after.Pools.Select(p => $"pools.{p.Name}"),
            .. after.Vips.Select(v => $"vips.{renames.GetValueOrDefault(v.Name, v.Name)}"),
        ];
        return before.Sites.Where(s => s.Protected).Select(s => ($"sites.{s.Name}", s.Position))
            .Concat(before.Pools.Where(p => p.Protected).Select(p => ($"pools.{p.Name}", p.Position)))
            .Concat(before.Vips.Where(v => v.Protected).Select(v => ($"vips.{v.Name}", v.Position)))
            .Where(o => !left.Contains(o.Item1))
            .Select(o => (o.Item1, (string?)null, Diagnose.ProtectedRemoved(o.Position, o.Item1)));
    }

    private static List<(string, string?, Diagnostic)> Site(Topology before, Topology after, SiteChange site)
    {
        string path = $"sites.{site.Site}";
        Site? old = before.Sites.FirstOrDefault(s => s.Name == site.Site);
        Site? now = after.Sites.FirstOrDefault(s => s.Name == site.Site);
        if (now is null)
        {
            int vips = before.Vips.Count(v => v.Sites.Contains(site.Site));
            return vips == 0 ? [] : [(path, site.Site, Diagnose.SiteWithdrawn(old!.Position, site.Site, vips))];
        }

        List<(string, string?, Diagnostic)> findings = [];
        foreach (PathBudget budget in site.Paths.Where(p => p.After is not null))
        {
            int inner = budget.After!.Inner;
            if (budget.InnerV6 && inner < LeastIPv6 && !(budget.Before?.Inner <= inner))
            {
                findings.Add((path, site.Site, Diagnose.TooSmallForIPv6(now.Position, site.Site, budget.Path, inner, LeastIPv6)));
            }
            else if (budget.Before?.Inner > inner)
            {
                findings.Add((path, site.Site, Diagnose.PathShrinks(now.Position, site.Site, budget.Path, budget.Before.Inner, inner)));
            }
        }

        long bytes = site.MapsAfter?.Total ?? 0;
        foreach (long limit in new[] { old?.Limits.MapMemory, now.Limits.MapMemory }.OfType<long>().Distinct())
        {
            bool already = limit == old?.Limits.MapMemory && site.MapsBefore is { } was && was.Total > limit && bytes <= was.Total;
            if (bytes > limit && !already)
            {
                findings.Add((path, site.Site, Diagnose.MapsOverBudget(now.Position, site.Site, Bytes.Text(bytes), MapBytes.Cpus, Bytes.Text(limit))));
                break;
            }
        }

        return findings;
    }

    private static HashSet<string> UsedPools(Topology topology) => [.. topology.Vips.SelectMany(v => v.Sites.SelectMany(v.PoolsAt))];

    private static bool TakesFlows(Backend backend) => backend is { State: BackendState.Active, Weight: > 0 };

    private static string Few(ImmutableArray<string> services) => services.Length <= 3 ? string.Join(", ", services) : $"{string.Join(", ", services.Take(2))} and {services.Length - 2} more";
}
