using Weir.Cli;
using Xunit;

namespace Weir.Compiler.Tests.Cli;

/// <summary>One run of the command line's entry point.</summary>
internal sealed record CommandRun(int ExitCode, string Out, string Error)
{
    public static async Task<CommandRun> OfAsync(params string[] arguments)
    {
        using StringWriter output = new() { NewLine = "\n" };
        using StringWriter error = new() { NewLine = "\n" };
        Terminal terminal = new(output, error, ColorOut: false, ColorError: false);
        int code = await WeirCommand.RunAsync(arguments, terminal, TestContext.Current.CancellationToken);
        return new CommandRun(code, output.ToString(), error.ToString());
    }
}
