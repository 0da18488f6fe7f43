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
        Option<OutputFormat> format = TopologyInput.Format();
        Command command = new("validate", "Check a topology and print all findings.") { directory, format };
        command.SetAction((result, cancellation) => Task.FromResult(Run(
            result.GetRequiredValue(directory),
            result.GetValue(format),
            terminal.With(result.GetValue(color)),
            cancellation)));
        return command;
    }

    private static int Run(string directory, OutputFormat format, Terminal terminal, CancellationToken cancellation)
    {
        TopologyInput input = TopologyInput.Read(directory, revision: null, cancellation);
        ImmutableArray<Diagnostic> diagnostics = input.Result.Diagnostics;
        if (format == OutputFormat.Json)
        {
            terminal.Out.Write(JsonRenderer.Render(diagnostics, input.Root));
        }
        else
        {
            input.Report(diagnostics, terminal);
            if (input.Result.Topology is { } topology)
            {
                terminal.Out.WriteLine(Describe(topology, diagnostics));
            }
            else
            {
                terminal.Error.WriteLine(TextRenderer.Summary(diagnostics));
            }
        }

        return input.Result.Topology is null ? ExitCode.Failed : ExitCode.Done;
    }

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
