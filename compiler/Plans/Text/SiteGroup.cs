using System.Collections.Immutable;

namespace Weir.Compiler.Plans.Text;

/// <summary>Sites to which the same happens.</summary>
internal sealed record SiteGroup(ImmutableArray<SiteChange> Sites, ImmutableArray<PlanLine> Lines)
{
    /// <summary>Sites that change, in order of the first of each group.</summary>
    public static ImmutableArray<SiteGroup> Of(TopologyPlan plan, string root) =>
    [
        .. plan.Sites.Where(s => s.Action != ChangeAction.None)
            .Select(s => (Site: s, Lines: SiteLines.Of(s, root)))
            .GroupBy(s => Key(s.Site, s.Lines), StringComparer.Ordinal)
            .Select(g => new SiteGroup([.. g.Select(s => s.Site)], g.First().Lines)),
    ];

    /// <summary>As <c>site ams1: population (backends, weights or rings change)</c>.</summary>
    public string Title => $"{(Sites.Length == 1 ? "site" : "sites")} {PlanWords.Few([.. Sites.Select(s => s.Site)], 12)}: {Kind}";

    public string Kind => Sites[0] switch
    {
        { Action: ChangeAction.Remove } => "removed",
        { Kind: KindOfChange.None } => "nothing to load",
        { Kind: { } kind } site => $"{Json.PlanJson.Name(kind)} ({string.Join("; ", site.Reasons)})",
        _ => "",
    };

    private static string Key(SiteChange site, ImmutableArray<PlanLine> lines) =>
        string.Join('\n', lines.Select(l => l.ToString()).Prepend($"{site.Action} {site.Kind} {string.Join(';', site.Reasons)}"));
}
