using System.Collections.Immutable;
using System.Text;
using Weir.Compiler.Diagnostics;

namespace Weir.Compiler.Plans.Text;

/// <summary>Writes a plan as a comment of a pull request: what matters first, details folded, never longer than a comment may be.</summary>
/// <param name="root">Put before file names, as <c>topology/</c>; may be empty.</param>
public sealed class PlanMarkdown(string root)
{
    /// <summary>By it a later run finds the comment it has to replace.</summary>
    public const string Marker = "<!-- weir-plan -->";

    /// <summary>Less than the 65,536 that GitHub takes: whoever posts it may add a line.</summary>
    public const int Longest = 64_000;

    /// <summary>What stands before the details; reached only where files have names of thousands of characters.</summary>
    private const int LongestHead = 40_000;

    private const int MostFindings = 25;
    private const int MostMoves = 25;
    private const int MostSites = 50;

    public string Render(TopologyPlan plan)
    {
        StringBuilder text = new();
        text.Append($"{Marker}\n### Weir plan: {Title(plan)}\n\n");
        Gate(plan, text);
        if (!plan.IsEmpty)
        {
            ImmutableArray<SiteGroup> groups = SiteGroup.Of(plan, root);
            Flows(plan, text);
            Cut(text);
            string end = Footer(plan);
            Details(plan, groups, text, Longest - end.Length);
            text.Append(end);
        }
        else
        {
            Cut(text);
            text.Append(Footer(plan));
        }

        return text.ToString();
    }

    private static void Cut(StringBuilder text)
    {
        if (text.Length > LongestHead)
        {
            int line = text.ToString(0, LongestHead).LastIndexOf('\n');
            text.Remove(line + 1, text.Length - line - 1).Append("- and more: `weir plan` prints it\n\n");
        }
    }

    private static string Title(TopologyPlan plan) =>
        plan.IsEmpty ? "no changes" : $"{Json.PlanJson.Name(plan.Risk)} risk{(plan.IsRefused ? ", refused by the gate" : "")}";

    private void Gate(TopologyPlan plan, StringBuilder text)
    {
        if (plan.IsRefused)
        {
            text.Append("**The gate refuses this change.** Each finding needs an override if it is meant: its line as a trailer of a commit.\n\n");
        }

        foreach (GateFinding finding in plan.Findings.OrderBy(f => f.AllowedBy is not null).Take(MostFindings))
        {
            string place = PlanWords.Position(finding.Diagnostic.Span, root);
            text.Append($"- {(finding.AllowedBy is null ? ":no_entry:" : ":warning:")} **{finding.Code}** {Code(finding.Target)}: {Prose(finding.Diagnostic.Message)}{(place.Length > 0 ? $" ({Code(place)})" : "")}");
            text.Append(finding.AllowedBy is { } by ? $"; allowed by {PlanWords.Source(by)}\n" : $"<br>{Code(PlanWords.Trailer(finding))}\n");
        }

        text.Append(plan.Findings.Length > MostFindings ? $"- and {plan.Findings.Length - MostFindings} more\n" : "");
        foreach (GateOverride unused in plan.UnusedOverrides.Take(MostFindings))
        {
            text.Append($"- :grey_question: the override {Code($"{unused.Code} {unused.Target}")} ({PlanWords.Source(unused)}) is for nothing that the gate found\n");
        }

        text.Append(plan.Findings.Length + plan.UnusedOverrides.Length > 0 ? "\n" : "");
    }

    /// <summary>One line for everything that happens to connections.</summary>
    private static void Flows(TopologyPlan plan, StringBuilder text)
    {
        List<(string Text, string Site)> facts = [];
        foreach (SiteChange site in plan.Sites)
        {
            foreach (IGrouping<int, VipTraffic> group in site.Traffic.Where(t => t.Move is not null).GroupBy(t => t.Move!.Value).OrderBy(g => g.Key))
            {
                PoolMove move = site.Moves[group.Key];
                string pools = move.PoolBefore == move.PoolAfter ? $"pool {Code(move.PoolAfter)}" : $"pool {Code(move.PoolBefore)} → {Code(move.PoolAfter)}";
                string flows = PlanWords.Number(Share.Of(site.MaxFlows, move.Moved, move.Slots));
                facts.Add(($"**{PlanWords.Percent(move.MovedPpm)}** of the flows of {PlanWords.Few([.. group.Select(t => Code(t.Vip))], 6)} ({pools}) move and are reset, at most {flows} connections{Largest(move)}", site.Site));
            }

            foreach (VipTraffic traffic in site.Traffic)
            {
                facts.AddRange(traffic.Withdrawn.IsEmpty ? [] : [($"{Code(traffic.Vip)} no longer serves {PlanWords.Few([.. traffic.Withdrawn.Select(Code)], 4)}", site.Site)]);
                facts.AddRange(traffic.Routes.Select(r => (
                    $"**{PlanWords.Percent(site.Moves[r.Move].MovedPpm)}** of the flows of {Code(traffic.Vip)} from {PlanWords.Few([.. r.Sources.Select(Code)], 4)} (pool {Code(site.Moves[r.Move].PoolBefore)} → {Code(site.Moves[r.Move].PoolAfter)}) move and are reset", site.Site)));
                facts.AddRange(traffic.Denied.IsEmpty ? [] : [($"{Code(traffic.Vip)} denies {PlanWords.Few([.. traffic.Denied.Select(Code)], 4)}", site.Site)]);
                facts.AddRange(traffic.Admitted.IsEmpty ? [] : [($"{Code(traffic.Vip)} begins to serve sources {PlanWords.Few([.. traffic.Admitted.Select(Code)], 4)}", site.Site)]);
                facts.AddRange(traffic.Added.IsEmpty ? [] : [($"{Code(traffic.Vip)} begins to serve {PlanWords.Few([.. traffic.Added.Select(Code)], 4)}", site.Site)]);
                facts.AddRange(traffic.TakenOver.Select(t => (
                    $"{Code(traffic.Vip)} takes over {PlanWords.Few([.. t.Services.Select(Code)], 4)} from {Code(t.From)}{(t.Move is { } m ? $"; {PlanWords.Percent(site.Moves[m].MovedPpm)} of its flows move and are reset" : ", its flows stay")}", site.Site)));
            }

            facts.AddRange(site.Action == ChangeAction.Remove ? [("nothing is served there any more", site.Site)] : []);
        }

        text.Append("**What happens to traffic**\n\n");
        (string Key, string Sites)[] said = [.. facts.GroupBy(f => f.Text, StringComparer.Ordinal).Select(g => (g.Key, PlanWords.Few([.. g.Select(f => Code(f.Site))], 6)))];
        foreach ((string fact, string sites) in said.Take(MostMoves))
        {
            text.Append($"- {sites}: {fact}\n");
        }

        text.Append(said.Length > MostMoves ? $"- and {said.Length - MostMoves} more\n" : "").Append(said.Length == 0 ? "- No flow moves: every connection stays with its backend.\n" : "");
        int rebuilt = plan.Sites.Count(s => s.Kind == KindOfChange.Program);
        text.Append(rebuilt == 0 ? "- No program is rebuilt.\n" : $"- The program of {PlanWords.Few([.. plan.Sites.Where(s => s.Kind == KindOfChange.Program).Select(s => Code(s.Site))], 6)} is rebuilt and swapped in without loss.\n");
        text.Append('\n');
    }

    private static string Largest(PoolMove move)
    {
        string[] pairs = [.. move.Pairs.Take(3).Select(p => $"{Code(p.From ?? "nobody")} → {Code(p.To ?? "nobody")} {PlanWords.Percent(Share.Ppm(p.Slots, move.Slots))}")];
        return pairs.Length == 0 ? "" : $": {string.Join(", ", pairs)}{(move.Pairs.Length > pairs.Length ? $", {move.Pairs.Length - pairs.Length} smaller" : "")}";
    }

    private void Details(TopologyPlan plan, ImmutableArray<SiteGroup> groups, StringBuilder text, int longest)
    {
        ImmutableArray<PlanLine> elsewhere = [.. SiteLines.Objects(plan.Elsewhere, root)];
        IEnumerable<(string Title, ImmutableArray<PlanLine> Lines)> sections = groups.Select(g => (g.Title, g.Lines));
        foreach ((string title, ImmutableArray<PlanLine> lines) in elsewhere.IsEmpty ? sections : sections.Prepend(("topology", elsewhere)))
        {
            string fence = Fence(lines);
            string opening = $"<details><summary>{Html(title)}</summary>\n\n{fence}diff\n";
            string closing = $"{fence}\n</details>\n\n";
            const int NoteLength = 120;
            int left = longest - text.Length - opening.Length - closing.Length - NoteLength;
            if (left < NoteLength)
            {
                text.Append("Details of further sites do not fit into a comment: `weir plan` prints them.\n\n");
                return;
            }

            text.Append(opening);
            int shown = 0;
            foreach (PlanLine line in lines)
            {
                string row = Row(line);
                left -= row.Length;
                if (left < 0)
                {
                    text.Append($"  ... {lines.Length - shown} more lines do not fit into a comment: weir plan prints them\n");
                    break;
                }

                text.Append(row);
                shown++;
            }

            text.Append(closing);
        }
    }

    /// <summary>Markers in column 0; <c>!</c> is what a diff block colours for changed.</summary>
    private static string Row(PlanLine line)
    {
        char mark = line.Mark == '~' ? '!' : line.Mark;
        string whole = string.Join("  ", new[] { line.Text, line.Note.Length > 0 ? $"({line.Note})" : "", line.Place }.Where(t => t.Length > 0));
        return $"{mark} {new string(' ', line.Indent)}{whole}\n";
    }

    private static string Footer(TopologyPlan plan)
    {
        StringBuilder text = new();
        if (plan.Sites.Length > 0)
        {
            text.Append("<details><summary>bundles, for <code>apply --digest</code></summary>\n\n```\n");
            foreach (SiteChange site in plan.Sites.Take(MostSites))
            {
                text.Append($"{site.Site}  {PlanWords.Bundles(site)}\n");
            }

            text.Append(plan.Sites.Length > MostSites ? $"and {plan.Sites.Length - MostSites} more: weir plan --format json\n" : "").Append("```\n</details>\n\n");
        }

        return text.Append($"{Code(PlanWords.Side(plan.Base))} → {Code(PlanWords.Side(plan.Head))}\n\n**{PlanWords.Summary(plan)}**\n`digest sha256:{plan.Digest}`\n").ToString();
    }

    private static string Fence(ImmutableArray<PlanLine> lines)
    {
        string fence = "```";
        while (lines.Any(l => l.Text.Contains(fence, StringComparison.Ordinal) || l.Place.Contains(fence, StringComparison.Ordinal)))
        {
            fence += "`";
        }

        return fence;
    }

    private static string Code(string text) => $"`{PlainText.Of(text).Replace('`', '\'')}`";

    /// <summary>Keeps code spans, and no HTML.</summary>
    private static string Prose(string text) => Html(text).Replace("@", "&#64;", StringComparison.Ordinal);

    private static string Html(string text) => PlainText.Of(text).Replace("&", "&amp;", StringComparison.Ordinal).Replace("<", "&lt;", StringComparison.Ordinal).Replace(">", "&gt;", StringComparison.Ordinal);
}
