using System.CommandLine;
using System.Reflection;

namespace Weir.Cli;

/// <summary><c>weir completion</c>: what makes a shell complete weir's command line.</summary>
internal static class CompletionCommand
{
    public static Command Create(Terminal terminal)
    {
        Argument<Shell> shell = new("SHELL") { Description = "bash, zsh or fish" };
        Command command = new("completion", "Print a script that completes verbs, options and names of the topology in a shell.") { shell };
        command.SetAction(result =>
        {
            terminal.Out.Write(Script(result.GetRequiredValue(shell)));
            return ExitCode.Done;
        });
        return command;
    }

    private static string Script(Shell shell)
    {
        using Stream script = Assembly.GetExecutingAssembly().GetManifestResourceStream($"completions/weir.{shell.ToString().ToLowerInvariant()}")!;
        using StreamReader reader = new(script);
        return reader.ReadToEnd();
    }

    private enum Shell
    {
        Bash,
        Zsh,
        Fish,
    }
}
