using Weir.Compiler.Diagnostics;
using Weir.Compiler.Planning;
using Weir.Compiler.Rings;
using Weir.Compiler.Topologies;

namespace Weir.Compiler.Checks;

/// <summary>Whether weights can be expressed by a ring. The slots each backend gets are known without building the ring.</summary>
public static class RingChecks
{
    /// <summary>The findings about pools' weights, one a pool at most: about the first site, by name, where the ring cannot express them.</summary>
    public static IEnumerable<Diagnostic> Check(Topology topology)
    {
        ILookup<string, string> sites = topology.Vips
            .SelectMany(v => v.Sites.SelectMany(site => v.PoolsAt(site).Select(pool => (Pool: pool, Site: site))))
            .Distinct()
            .OrderBy(use => use.Site, StringComparer.Ordinal)
            .ToLookup(use => use.Pool, use => use.Site, StringComparer.Ordinal);
        return topology.Pools
            .Select(pool => sites[pool.Name].DefaultIfEmpty("").Take(RingMembership.DependsOnSite(pool) ? int.MaxValue : 1)
                .Select(site => Check(pool, site)).FirstOrDefault(finding => finding is not null))
            .OfType<Diagnostic>();
    }

    private static Diagnostic? Check(Pool pool, string site)
    {
        (RingMember Member, Backend Backend)[] active =
        [
            .. RingMembership.Of(pool, site)
                .Select(b => (new RingMember(BackendIdentity.Of(pool.Name, b.Address, b.Port), b.Weight), b))
                .OrderBy(b => b.Item1.Identity),
        ];
        if (active.Length == 0)
        {
            return null;
        }

        RingMember[] members = [.. active.Select(a => a.Member)];
        int bits = RingSize.Bits(pool);
        (int ppm, int worst) = RingAlgorithms.Of(pool.Algorithm).Expected(members, bits);
        return RingLimits.Finding(pool, 1 << bits, (ppm, active[worst].Backend)) is { } finding ? Explain(finding) : null;
    }

    /// <summary>What planning found, in words.</summary>
    public static Diagnostic Explain(PlanFinding finding) => finding switch
    {
        RingTooSmall ring => Diagnose.RingTooSmall(ring.Position, ring.Pool, ring.Backend, ring.Slots, ring.ImbalancePpm),
        RingTooCoarse ring => Diagnose.RingTooCoarse(ring.Position, ring.Pool, ring.Backend, ring.Slots, ring.DeviationPpm),
        IdentityCollision same => Diagnose.IdentityCollision(same.Position, same.Pool, same.Backend, same.Other),
        _ => throw new ArgumentException($"A finding without a diagnostic: {finding.GetType().Name}.", nameof(finding)),
    };
}
