using System.Collections.Immutable;

namespace Weir.Compiler.Plans;

/// <summary>What becomes of every site when one revision of a topology takes the place of another. A pure function of the two, and of the
/// overrides given; what only a machine can measure is in <see cref="SiteChange.Costs"/> and in no digest.</summary>
public sealed record TopologyPlan
{
    public required PlanSide Base { get; init; }

    public required PlanSide Head { get; init; }

    /// <summary>Every site of either revision, sorted by name.</summary>
    public required ImmutableArray<SiteChange> Sites { get; init; }

    /// <summary>Changes that are about no site: settings of the whole topology, pools that no VIP uses.</summary>
    public required ImmutableArray<ObjectChange> Elsewhere { get; init; }

    /// <summary>Objects by what becomes of them, each counted once however many sites have it.</summary>
    public required PlanCounts Counts { get; init; }

    /// <summary>What the gate found, by code, object and site; allowed or not.</summary>
    public required ImmutableArray<GateFinding> Findings { get; init; }

    /// <summary>Overrides that no finding needs.</summary>
    public required ImmutableArray<GateOverride> UnusedOverrides { get; init; }

    /// <summary>No change of any object.</summary>
    public bool IsEmpty => Counts is { Added: 0, Changed: 0, Removed: 0 };

    public bool IsRefused => Findings.Any(f => f.AllowedBy is null);

    public PlanRisk Risk => PlanRisks.Of(this);

    /// <summary>Lower-case hex SHA-256 over what the plan says: not over names of revisions, positions, or anything measured.</summary>
    public string Digest => Json.PlanJson.Digest(this);
}

/// <summary>One of the two revisions.</summary>
/// <param name="Name">As it was asked for: a revision, or the directory.</param>
/// <param name="Commit">Its id in lower-case hex, or null for files that are in no commit.</param>
public sealed record PlanSide(string Name, string? Commit);

public sealed record PlanCounts(int Added, int Changed, int Removed, int Unchanged);
