using System.CommandLine;
using System.CommandLine.Help;
using System.CommandLine.Invocation;

namespace Weir.Cli;

/// <summary>The command line of <c>weir</c>.</summary>
public static class WeirCommand
{
    /// <summary>Runs one command and never throws.</summary>
    /// <returns>One of <see cref="ExitCode"/>.</returns>
    public static async Task<int> RunAsync(string[] args, Terminal terminal, CancellationToken cancellation = default)
    {
        try
        {
            ParseResult result = Create(terminal).Parse(args);
            if (result.Action is ParseErrorAction)
            {
                return await ReportUsageAsync(result, terminal);
            }

            InvocationConfiguration configuration = new() { Output = terminal.Out, Error = terminal.Error, EnableDefaultExceptionHandler = false };
            return await result.InvokeAsync(configuration, cancellation);
        }
        catch (OperationCanceledException)
        {
            await terminal.Error.WriteLineAsync("weir: cancelled; nothing was written");
            return ExitCode.Failed;
        }
        catch (IOException e) when (e.Message.Contains("Broken pipe", StringComparison.Ordinal))
        {
            // Whoever read our output has seen enough.
            return ExitCode.Failed;
        }
        catch (Exception e)
        {
            await terminal.Error.WriteLineAsync($"weir: this is a bug in weir, please report it with the topology that causes it:\n{e}");
            return ExitCode.Bug;
        }
        finally
        {
            await FlushAsync(terminal);
        }
    }

    private static RootCommand Create(Terminal terminal)
    {
        Option<ColorMode> color = new("--color") { Description = "Whether to use colours", DefaultValueFactory = _ => ColorMode.Auto, Recursive = true };
        color.HelpName = "auto|always|never";
        RootCommand root = new("Compiles a load balancer's topology to an XDP program and its tables.")
        {
            InitCommand.Create(terminal, color),
            ValidateCommand.Create(terminal, color),
            FormatCommand.Create(terminal, color),
            PlanCommand.Create(terminal, color),
            ExplainCommand.Create(terminal, color),
            BuildCommand.Create(terminal, color),
            SnapshotCommand.Create(terminal, color),
            ImportCommand.Create(terminal),
            SchemaCommand.Create(terminal),
            CompletionCommand.Create(terminal),
        };
        root.Options.Add(color);
        HelpOption help = root.Options.OfType<HelpOption>().Single();
        help.Action = new HelpWithExamples((HelpAction)help.Action!);
        Completions.AddTo(root);
        return root;
    }

    private static async Task<int> ReportUsageAsync(ParseResult result, Terminal terminal)
    {
        foreach (string message in result.Errors.Select(e => e.Message).Distinct(StringComparer.Ordinal))
        {
            await terminal.Error.WriteLineAsync($"weir: {message}");
        }

        string command = result.CommandResult.Command is RootCommand ? "" : $" {result.CommandResult.Command.Name}";
        await terminal.Error.WriteLineAsync($"Try: weir{command} --help");
        return ExitCode.Usage;
    }

    private static async Task FlushAsync(Terminal terminal)
    {
        try
        {
            await terminal.Out.FlushAsync();
            await terminal.Error.FlushAsync();
        }
        catch (IOException)
        {
            // Nobody listens any more.
        }
    }
}
