using System.CommandLine;

namespace Weir.Cli;

/// <summary><c>weir explain</c>: a diagnostic's page, by code or by lint rule.</summary>
internal static class ExplainCommand
{
    public static Command Create(Terminal terminal, Option<ColorMode> color)
    {
        Argument<string?> subject = new("WHAT") { Description = "A diagnostic's code or a lint rule's name", Arity = ArgumentArity.ZeroOrOne };
        Option<bool> list = new("--list") { Description = "List every code, one a line" };
        Option<OutputFormat> format = TopologyInput.Format();
        Command command = new("explain", "Say what a diagnostic means, with an example.") { subject, list, format };
        command.SetAction((result, cancellation) => Task.FromResult(Run(
            result.GetValue(subject),
            result.GetValue(list),
            result.GetValue(format),
            terminal.With(result.GetValue(color)))));
        return command;
    }

    private static int Run(string? subject, bool list, OutputFormat format, Terminal terminal) => subject switch
    {
        _ when list => ExplainPage.List(format, terminal),
        null => ExplainPage.Nothing(terminal),
        _ => ExplainPage.Show(subject, format, terminal),
    };
}
