using System.Collections.Immutable;
using Weir.Compiler.Planning;
using Weir.Compiler.Rings.Transition;

namespace Weir.Compiler.Model.Transition;

/// <summary>What a host knows of its pools' slots, backends and flows beside the plan: it outlives plans, and packets change it. Ids are dense numbers here.</summary>
public sealed class SiteTransitions
{
    private readonly ImmutableArray<PoolTransitions?> pools;

    /// <summary>Every slot settled with the ring's owner; where a pool's flows are always recorded, consulting.</summary>
    public SiteTransitions(SitePlan plan)
    {
        ArgumentNullException.ThrowIfNull(plan);
        pools = [.. plan.Pools.Select(pool => pool.Tracking is { } tracking ? new PoolTransitions(pool, tracking) : null)];
    }

    /// <summary>The stamp of now.</summary>
    public int Now { get; set; }

    /// <summary>A pool's; null where its slots have no history.</summary>
    public PoolTransitions? Pool(int number) => pools[number];
}

/// <summary>The same of one pool.</summary>
public sealed class PoolTransitions
{
    public PoolTransitions(PoolPlan pool, TrackingPlan tracking)
    {
        ArgumentNullException.ThrowIfNull(pool);
        ArgumentNullException.ThrowIfNull(tracking);
        Records = new RecordTable(tracking.Sets);
        Model = new TransitionModel(Records, tracking.Always) { Backends = pool.Backends.Select((backend, id) => (backend, id)).ToImmutableDictionary(b => b.id, b => Takes(b.backend.State)) };
        Slots = [.. pool.Ring.Select(owner => new RingSlot(Id(owner), Id(owner), tracking.Always))];

        static int Id(ushort owner) => owner == PoolPlan.NoBackend ? RingSlot.Nobody : owner;
    }

    public RecordTable Records { get; }

    public TransitionModel Model { get; }

    public RingSlot[] Slots { get; }

    public static BackendTakes Takes(Topologies.BackendState state) => state switch
    {
        Topologies.BackendState.Active => BackendTakes.Active,
        Topologies.BackendState.Drain => BackendTakes.Existing,
        _ => BackendTakes.None,
    };
}
