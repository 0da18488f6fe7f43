namespace Weir.Compiler.Plans;

/// <summary>How carefully a change wants to be looked at, in one word. <c>compiler/Plans/README.md</c> says the same for readers of a plan.</summary>
public enum PlanRisk
{
    /// <summary>No object changes.</summary>
    None,

    /// <summary>Objects change, but no flow moves, nothing is withdrawn and no program is built.</summary>
    Low,

    /// <summary>Flows move, or a program is built.</summary>
    Medium,

    /// <summary>The gate found something, allowed or not, or at some site more than half of a VIP's hash space moves.</summary>
    High,
}

internal static class PlanRisks
{
    private const int Half = 500_000;

    public static PlanRisk Of(TopologyPlan plan) =>
        plan.IsEmpty ? PlanRisk.None
        : plan.Findings.Length > 0 || plan.Sites.Any(s => s.LargestMovePpm > Half) ? PlanRisk.High
        : plan.Sites.Any(s => s.LargestMovePpm > 0 || (s.Kind == KindOfChange.Program && s.Action == ChangeAction.Change)) ? PlanRisk.Medium
        : PlanRisk.Low;
}
