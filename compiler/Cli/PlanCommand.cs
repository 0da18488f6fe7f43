using System.Collections.Immutable;
using System.CommandLine;
using Weir.Compiler.Diagnostics;
using Weir.Compiler.Plans;
using Weir.Compiler.Plans.Json;
using Weir.Compiler.Plans.Text;
using Weir.Compiler.Sources;

namespace Weir.Cli;

/// <summary><c>weir plan</c>: what a change of the topology does to traffic, and whether the gate lets it pass.</summary>
internal static class PlanCommand
{
    public static Command Create(Terminal terminal, Option<ColorMode> color)
    {
        Argument<string> directory = TopologyInput.Directory();
        Option<string> from = new("--base") { Description = "The revision that is live, or `none` for nothing at all", HelpName = "REV", Required = true };
        Option<string?> head = new("--head") { Description = "The revision that comes (default: the files in DIR)", HelpName = "REV" };
        Option<PlanFormat> format = new("--format") { Description = "How the plan is written", DefaultValueFactory = _ => PlanFormat.Text, HelpName = "text|markdown|json" };
        Option<bool> detailed = new("--detailed-exitcode") { Description = "Exit with 2 when something changes" };
        Option<string[]> site = new("--site") { Description = "Only this site; may be given several times", HelpName = "S" };
        Option<string[]> allow = new("--allow") { Description = "Allow a finding of the gate, as WEIR1601:pools.web; may be given several times", HelpName = "CODE:OBJECT" };
        Option<bool> measure = new("--measure") { Description = "Measure ns per packet on this machine too (root)" };
        Option<string?> output = new("--output", "-o") { Description = "Write the plan to a file", HelpName = "FILE" };
        Command command = new("plan", "Say what a change does to traffic, before it is merged.") { directory, from, head, format, detailed, site, allow, measure, output };
        allow.Validators.Add(result =>
        {
            foreach (string text in result.Tokens.Select(t => t.Value).Where(t => GateOverride.Parse(t, GateOverride.CommandLine) is null))
            {
                result.AddError($"--allow {text}: write a code and an object, as WEIR1601:pools.web");
            }
        });
        command.SetAction((result, cancellation) => Task.Run(
            () => Run(
                new PlanRequest(
                    result.GetRequiredValue(directory),
                    result.GetRequiredValue(from),
                    result.GetValue(head),
                    [.. result.GetValue(site) ?? []],
                    [.. (result.GetValue(allow) ?? []).Select(a => GateOverride.Parse(a, GateOverride.CommandLine)!)],
                    result.GetValue(measure)),
                new Output(result.GetValue(format), result.GetValue(detailed), result.GetValue(output)),
                terminal.With(result.GetValue(color)),
                cancellation),
            cancellation));
        return command;
    }

    private static int Run(PlanRequest request, Output output, Terminal terminal, CancellationToken cancellation)
    {
        PlanInput input = PlanInput.Read(request, cancellation);
        if (!input.Report(terminal))
        {
            return ExitCode.Failed;
        }

        (TopologyPlan? plan, ImmutableArray<Diagnostic> findings) = PlanRun.Compare(request, input, new PlanCosts(request, terminal.Error), cancellation);
        if (plan is null)
        {
            terminal.Error.Write(new TextRenderer(SourceSet.Of([]), "", terminal.ColorError).Render(findings));
            terminal.Error.WriteLine($"{TextRenderer.Summary(findings)}; nothing was planned");
            return ExitCode.Failed;
        }

        bool color = terminal.ColorOut && output.File is null;
        string text = output.Format switch
        {
            PlanFormat.Json => PlanJson.Render(plan, input.Root),
            PlanFormat.Markdown => new PlanMarkdown(input.Root).Render(plan),
            _ => new PlanText(input.Root, color).Render(plan),
        };
        if (output.File is null)
        {
            terminal.Out.Write(text);
        }
        else if (!Write(output.File, text, terminal))
        {
            return ExitCode.Failed;
        }

        return plan.IsRefused ? ExitCode.Refused : output.Detailed && !plan.IsEmpty ? ExitCode.Changes : ExitCode.Done;
    }

    private static bool Write(string file, string text, Terminal terminal)
    {
        try
        {
            File.WriteAllText(file, text);
            return true;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            terminal.Error.WriteLine($"weir: {e.Message}");
            return false;
        }
    }

    private sealed record Output(PlanFormat Format, bool Detailed, string? File);
}
