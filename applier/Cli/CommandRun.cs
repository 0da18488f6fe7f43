using System.CommandLine;
using Weir.Applier.Apply;

namespace Weir.Applier.Cli;

/// <summary>Runs a command's work and turns what it throws into a message and an exit code.</summary>
internal static class CommandRun
{
    /// <summary>Work runs on the thread it is called on, in its network namespace.</summary>
    public static void SetWork(this Command command, Func<ParseResult, CancellationToken, ExitCode> work) =>
        command.SetAction((parsed, cancellation) => Task.FromResult((int)Run(() => work(parsed, cancellation))));

    private static ExitCode Run(Func<ExitCode> work)
    {
        try
        {
            return Explained.Run(work);
        }
        catch (ApplierException error)
        {
            return Say(error.Message, error.Exit);
        }
        catch (OperationCanceledException)
        {
            return Say("Stopped. What ran before goes on running.", ExitCode.Transient);
        }
        catch (Exception error)
        {
            return Say($"This is a bug of weir-applier; please report it.\n{error}", ExitCode.Bug);
        }
    }

    private static ExitCode Say(string message, ExitCode exit)
    {
        Console.Error.WriteLine(message);
        return exit;
    }
}
