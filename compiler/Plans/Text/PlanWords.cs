using System.Collections.Immutable;
using System.Globalization;
using Weir.Compiler.Diagnostics;

namespace Weir.Compiler.Plans.Text;

/// <summary>Phrases that all forms of a plan share.</summary>
internal static class PlanWords
{
    private const int ShortDigest = 16;
    private const int ShortCommit = 12;

    /// <summary>One line without a digest: what changes, how much moves, and whether the gate refuses.</summary>
    public static string Summary(TopologyPlan plan)
    {
        string refused = plan.Findings.Length == 0 ? "" : plan.IsRefused
            ? $", refused by the gate ({Count(plan.Findings.Count(f => f.AllowedBy is null), "finding")})"
            : $", allowed by override ({Count(plan.Findings.Length, "finding")})";
        if (plan.IsEmpty)
        {
            return $"No changes: {Count(plan.Counts.Unchanged, "object")} as before{refused}.";
        }

        int touched = plan.Sites.Count(s => s.Action != ChangeAction.None);
        return $"Plan: {plan.Counts.Added} to add, {plan.Counts.Changed} to change, {plan.Counts.Removed} to remove, {plan.Counts.Unchanged} unchanged; "
            + $"{Count(touched, "site")} of {plan.Sites.Length} touched; {Moves(plan)}; risk {Json.PlanJson.Name(plan.Risk)}{refused}.";
    }

    public static string Side(PlanSide side) => side.Commit is { } commit
        ? commit.StartsWith(side.Name, StringComparison.Ordinal) ? commit[..ShortCommit] : $"{PlainText.Of(side.Name)} ({commit[..ShortCommit]})"
        : PlainText.Of(side.Name);

    /// <summary>As <c>apply --digest</c> takes it.</summary>
    public static string Bundles(SiteChange site) => $"{Short(site.BaseDigest)}..{Short(site.HeadDigest)}";

    public static string Source(GateOverride allowed) => allowed.Source == GateOverride.CommandLine ? allowed.Source : $"commit {allowed.Source[..Math.Min(ShortCommit, allowed.Source.Length)]}";

    public static string Trailer(GateFinding finding) => $"{GateOverride.Trailer}: {finding.Code} {finding.Target}";

    public static string Option(GateFinding finding) => $"{GateOverride.CommandLine} {finding.Code}:{finding.Target}";

    /// <summary>File and line, or nothing.</summary>
    public static string Position(SourceSpan span, string root) =>
        span.Line == 0 ? "" : string.Create(CultureInfo.InvariantCulture, $"{PlainText.Of(root + span.File)}:{span.Line}");

    /// <summary>Millionths as per cent with two decimals, rounded up.</summary>
    public static string Percent(int ppm)
    {
        long hundredths = (ppm + 99L) / 100;
        return string.Create(CultureInfo.InvariantCulture, $"{hundredths / 100}.{hundredths % 100:D2} %");
    }

    public static string Number(long number) => number.ToString("N0", CultureInfo.InvariantCulture);

    public static string Count(long count, string noun) => $"{Number(count)} {noun}{(count == 1 ? "" : "s")}";

    /// <summary>At most <paramref name="most"/> of them, and how many more there are.</summary>
    public static string Few(IReadOnlyCollection<string> names, int most) =>
        names.Count <= most ? string.Join(", ", names) : $"{string.Join(", ", names.Take(most))} and {Number(names.Count - most)} more";

    /// <summary>What changes of one object: <c>weight 50 -> 100, state active -> drain</c>.</summary>
    public static string Attributes(ImmutableArray<AttributeChange> attributes, ChangeAction action) => string.Join(", ", attributes
        .GroupBy(a => a.Name, StringComparer.Ordinal)
        .SelectMany(g => g.Count() > 1 || action != ChangeAction.Change
            ? [$"{g.Key} {string.Join(' ', g.Select(a => Entry(a, action)))}"]
            : g.Select(a => a is { Before: { } before, After: { } after } ? $"{g.Key} {before} -> {after}" : $"{g.Key} {Entry(a, action)}"))
        .Select(PlainText.Of));

    private static string Entry(AttributeChange attribute, ChangeAction action) => action != ChangeAction.Change
        ? attribute.After ?? attribute.Before ?? ""
        : attribute.Before is null ? $"+{attribute.After}" : $"-{attribute.Before}";

    private static string Moves(TopologyPlan plan)
    {
        int most = plan.Sites.Select(s => s.LargestMovePpm).DefaultIfEmpty(0).Max();
        bool withdrawn = plan.Sites.Any(s => s.Action == ChangeAction.Remove || s.Traffic.Any(t => !t.Withdrawn.IsEmpty));
        return (most == 0 ? "no flow moves" : $"up to {Percent(most)} of a VIP's flows move") + (withdrawn ? ", services are withdrawn" : "");
    }

    private static string Short(string? digest) => digest?[..ShortDigest] ?? "none";
}
