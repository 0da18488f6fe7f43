using System.Collections.Immutable;
using System.Text;

namespace Weir.Compiler.Plans.Text;

/// <summary>Writes a plan for people at a terminal.</summary>
/// <param name="root">Put before file names, as <c>topology/</c>; may be empty.</param>
public sealed class PlanText(string root, bool color)
{
    private const int Width = 100;

    public string Render(TopologyPlan plan)
    {
        StringBuilder text = new();
        text.Append($"{PlanWords.Side(plan.Base)} -> {PlanWords.Side(plan.Head)}\n\n");
        if (!plan.IsEmpty)
        {
            ImmutableArray<SiteGroup> groups = SiteGroup.Of(plan, root);
            ImmutableArray<PlanLine> elsewhere = [.. SiteLines.Objects(plan.Elsewhere, root)];
            Legend(groups.SelectMany(g => g.Lines).Concat(elsewhere).Select(l => l.Mark).ToHashSet(), text);
            Section("topology", elsewhere, text);
            foreach (SiteGroup group in groups)
            {
                Section(group.Title, group.Lines, text);
            }

            string[] still = [.. plan.Sites.Where(s => s.Action == ChangeAction.None).Select(s => s.Site)];
            text.Append(still.Length == 0 ? "" : $"no change at {PlanWords.Few(still, 12)}\n\n");
        }

        Gate(plan, text);
        if (!plan.IsEmpty && plan.Sites.Length > 0)
        {
            text.Append("bundles, for apply --digest\n");
            foreach (SiteChange site in plan.Sites)
            {
                text.Append($"  {site.Site}  {PlanWords.Bundles(site)}\n");
            }

            text.Append('\n');
        }

        return text.Append(Paint(PlanWords.Summary(plan), Ansi.Bold)).Append($"\ndigest sha256:{plan.Digest}\n").ToString();
    }

    private void Legend(HashSet<char> marks, StringBuilder text)
    {
        (char Mark, string Meaning)[] all = [('+', "added"), ('~', "changed"), ('-', "removed")];
        string legend = string.Join("   ", all.Where(m => marks.Contains(m.Mark)).Select(m => $"{Paint(m.Mark.ToString(), Of(m.Mark))} {m.Meaning}"));
        text.Append(legend.Length == 0 ? "" : $"{legend}\n\n");
    }

    private void Section(string title, ImmutableArray<PlanLine> lines, StringBuilder text)
    {
        if (lines.IsEmpty)
        {
            return;
        }

        text.Append(Paint(Wrap.Text(title, Width, 2), Ansi.Bold)).Append('\n');
        foreach (PlanLine line in lines)
        {
            string indent = new(' ', line.Indent);
            string whole = string.Join("  ", new[] { line.Text, line.Note.Length > 0 ? $"({line.Note})" : "", line.Place }.Where(t => t.Length > 0));
            string wrapped = Wrap.Text($"  {line.Mark} {indent}{whole}", Width, line.Indent + 8);
            text.Append(line.Mark == ' ' ? wrapped : Paint(wrapped, Of(line.Mark))).Append('\n');
        }

        text.Append('\n');
    }

    private void Gate(TopologyPlan plan, StringBuilder text)
    {
        if (plan.Findings.Length + plan.UnusedOverrides.Length == 0)
        {
            return;
        }

        text.Append(Paint(plan.IsRefused ? "gate: refused" : "gate", Ansi.Bold)).Append('\n');
        foreach (GateFinding finding in plan.Findings)
        {
            string place = PlanWords.Position(finding.Diagnostic.Span, root);
            string verdict = finding.AllowedBy is { } by ? $"allowed by {PlanWords.Source(by)}" : "refused";
            string line = $"  {finding.Code} {finding.Target}: {finding.Diagnostic.Message}: {verdict}{(place.Length > 0 ? $"  {place}" : "")}";
            text.Append(Paint(Wrap.Text(line, Width, 6), finding.AllowedBy is null ? Ansi.Red : Ansi.Yellow)).Append('\n');
            if (finding.AllowedBy is null)
            {
                text.Append(finding.Diagnostic.Help is { } help ? Wrap.Text($"      {help}", Width, 6) + "\n" : "");
                text.Append($"      if it is meant, as a trailer of a commit: {PlanWords.Trailer(finding)}\n");
                text.Append($"      or on the command line: {PlanWords.Option(finding)}\n");
            }
        }

        foreach (GateOverride unused in plan.UnusedOverrides)
        {
            text.Append($"  note: {unused.Code} {unused.Target}, allowed by {PlanWords.Source(unused)}, is nothing that the gate found\n");
        }

        text.Append('\n');
    }

    private static string Of(char mark) => mark switch
    {
        '+' => Ansi.Green,
        '-' => Ansi.Red,
        _ => Ansi.Yellow,
    };

    private string Paint(string text, string code) => color ? code + text + Ansi.Reset : text;

    private static class Ansi
    {
        public const string Red = "\e[31m";
        public const string Green = "\e[32m";
        public const string Yellow = "\e[33m";
        public const string Bold = "\e[1m";
        public const string Reset = "\e[0m";
    }
}
