using System.CommandLine;

namespace Weir.Cli;

/// <summary><c>weir explain</c>: where a packet goes and why, or what a diagnostic means.</summary>
internal static class ExplainCommand
{
    public static Command Create(Terminal terminal, Option<ColorMode> color)
    {
        Argument<string?> subject = new("WHAT")
        {
            Description = "A flow, as \"tcp 198.51.100.7:5555 -> 203.0.113.10:443\", behind which may stand `length N`, `df` or `no-df`; or a diagnostic's code or a lint rule's name",
            Arity = ArgumentArity.ZeroOrOne,
        };
        Option<bool> list = new("--list") { Description = "List every code, one a line" };
        Option<OutputFormat> format = TopologyInput.Format();
        ExplainFlow flow = new();
        Command command = new("explain", "Say where a packet goes and why, or what a diagnostic means.") { subject, list, format };
        flow.AddTo(command);
        command.SetAction((result, cancellation) => Task.FromResult(Run(result, terminal.With(result.GetValue(color)), cancellation)));
        return command;

        int Run(ParseResult result, Terminal to, CancellationToken cancellation) => result.GetValue(subject) switch
        {
            _ when result.GetValue(list) => ExplainPage.List(result.GetValue(format), to),
            var place when flow.IsCapture(result) => flow.RunCapture(place, result, result.GetValue(format), to, cancellation),
            null => ExplainPage.Nothing(to),
            { } name when ExplainPage.IsName(name) => ExplainPage.Show(name, result.GetValue(format), to),
            { } question => flow.Run(question, result, result.GetValue(format), to, cancellation),
        };
    }
}
