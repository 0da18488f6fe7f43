using System.Collections.Immutable;
using System.CommandLine;
using Weir.Compiler.Diagnostics;
using Weir.Compiler.Topologies;

namespace Weir.Cli;

/// <summary><c>weir validate</c>: everything there is to say about a topology.</summary>
internal static class ValidateCommand
{
    public static Command Create(Terminal terminal, Option<ColorMode> color)
    {
        Argument<string> directory = TopologyInput.Directory();
        Option<ValidateFormat> format = new("--format")
        {
            Description = "How findings are written",
            DefaultValueFactory = _ => ValidateFormat.Text,
            HelpName = "text|json|sarif|github",
        };
        Option<bool> strict = new("--warnings-as-errors") { Description = "Fail on warnings too" };
        Option<int> maximum = new("--max-findings")
        {
            Description = "Show so many findings and count the others; 0 shows all",
            DefaultValueFactory = _ => DiagnosticReport.DefaultMaximum,
            HelpName = "N",
        };
        maximum.Validators.Add(result =>
        {
            if (result.GetValue(maximum) < 0)
            {
                result.AddError("--max-findings is a whole number from 0");
            }
        });
        Command command = new("validate", "Check a topology and print all findings.") { directory, format, strict, maximum };
        command.SetAction((result, cancellation) => Task.FromResult(Run(
            TopologyInput.Read(result.GetRequiredValue(directory), revision: null, cancellation),
            result.GetValue(format),
            result.GetValue(strict),
            result.GetValue(maximum),
            terminal.With(result.GetValue(color)))));
        return command;
    }

    private static int Run(TopologyInput input, ValidateFormat format, bool strict, int maximum, Terminal terminal)
    {
        ImmutableArray<Diagnostic> diagnostics = strict
            ? [.. input.Result.Diagnostics.Select(d => d with { Severity = Severity.Error })]
            : input.Result.Diagnostics;
        bool failed = input.Result.Topology is null || diagnostics.HasErrors();
        DiagnosticReport report = DiagnosticReport.Of(diagnostics, maximum);
        switch (format)
        {
            case ValidateFormat.Json:
                terminal.Out.Write(JsonRenderer.Render(report, input.Root));
                break;
            case ValidateFormat.Sarif:
                terminal.Out.Write(new SarifRenderer(input.Sources, input.Root).Render(report));
                break;
            case ValidateFormat.GitHub:
                terminal.Out.Write(GitHubRenderer.Render(report, input.Root));
                WriteSummary(input.Result.Topology, diagnostics, failed, terminal.Error);
                break;
            default:
                input.Report(report, terminal);
                WriteSummary(input.Result.Topology, diagnostics, failed, failed ? terminal.Error : terminal.Out);
                break;
        }

        return failed ? ExitCode.Failed : ExitCode.Done;
    }

    private static void WriteSummary(Topology? topology, ImmutableArray<Diagnostic> diagnostics, bool failed, TextWriter writer) =>
        writer.WriteLine(failed || topology is null ? TextRenderer.Summary(diagnostics) : Describe(topology, diagnostics));

    private static string Describe(Topology topology, ImmutableArray<Diagnostic> diagnostics)
    {
        string size = string.Join(", ", [
            Plural.Of(topology.Sites.Length, "site"),
            Plural.Of(topology.Pools.Length, "pool"),
            Plural.Of(topology.Pools.Sum(p => p.Backends.Length), "backend"),
            Plural.Of(topology.Vips.Length, "VIP"),
        ]);
        return diagnostics.Length == 0 ? $"valid: {size}" : $"valid: {size}; {TextRenderer.Summary(diagnostics)}";
    }
}
