using Weir.Compiler.Diagnostics;
using Weir.Compiler.Planning;
using Weir.Compiler.Rings;
using Weir.Compiler.Topologies;

namespace Weir.Compiler.Checks;

/// <summary>Whether weights can be expressed by a ring. The slots each backend gets are known without building the ring.</summary>
public static class RingChecks
{
    /// <summary>Above this imbalance (1 %) a ring is reported as too small.</summary>
    private const int MaximumImbalancePpm = 10_000;

    /// <summary>The finding about a pool's weights, or null.</summary>
    public static Diagnostic? Check(Pool pool)
    {
        (RingMember Member, Backend Backend)[] active =
        [
            .. pool.Backends
                .Where(b => b is { State: BackendState.Active, Weight: > 0 })
                .Select(b => (new RingMember(BackendIdentity.Of(pool.Name, b.Address, 0), b.Weight), b))
                .OrderBy(b => b.Item1.Identity),
        ];
        if (active.Length == 0)
        {
            return null;
        }

        RingMember[] members = [.. active.Select(a => a.Member)];
        int slots = 1 << RingSize.Bits(pool.Capacity, pool.Backends.Select(b => b.Weight));
        (int imbalance, int worst) = RingMeasure.Imbalance(members, Apportionment.Divide(members, slots), slots);
        return imbalance <= MaximumImbalancePpm
            ? null
            : Diagnose.RingTooSmall(active[worst].Backend.Position, pool.Name, active[worst].Backend.Name, slots, imbalance);
    }

    /// <summary>What planning found, in words.</summary>
    public static Diagnostic Explain(PlanFinding finding) => finding switch
    {
        RingTooSmall ring => Diagnose.RingTooSmall(ring.Position, ring.Pool, ring.Backend, ring.Slots, ring.ImbalancePpm),
        IdentityCollision same => Diagnose.IdentityCollision(same.Position, same.Pool, same.Backend, same.Other),
        _ => throw new ArgumentException($"A finding without a diagnostic: {finding.GetType().Name}.", nameof(finding)),
    };
}
