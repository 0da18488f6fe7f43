using System.Diagnostics;

namespace Weir.Lab.Processes;

/// <summary>What a finished process left.</summary>
public sealed record CommandResult(string Line, int ExitCode, string Output, string Error)
{
    /// <summary>This result, if the exit code is 0.</summary>
    /// <exception cref="CommandFailedException">Otherwise; it holds everything the command printed.</exception>
    public CommandResult Required() => ExitCode == 0 ? this : throw new CommandFailedException(this);
}

/// <summary>A command that had to succeed did not.</summary>
public sealed class CommandFailedException(CommandResult result)
    : Exception($"`{result.Line}` ended with {result.ExitCode}.\n{result.Error}{result.Output}".TrimEnd())
{
    public CommandResult Result { get; } = result;
}

/// <summary>Runs other programs to their end, without a shell.</summary>
public static class Command
{
    /// <param name="file">A path or a name looked up in PATH.</param>
    /// <param name="input">Written to the program's standard input; null for an empty one.</param>
    /// <exception cref="OperationCanceledException">Cancelled; the process and its children were killed first.</exception>
    public static async Task<CommandResult> RunAsync(string file, IReadOnlyList<string> arguments, CancellationToken cancellation, string? input = null, string? directory = null)
    {
        var start = new ProcessStartInfo(file, arguments)
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            WorkingDirectory = directory ?? string.Empty,
        };
        var line = string.Join(' ', [file, .. arguments]);
        using var process = Process.Start(start) ?? throw new InvalidOperationException($"`{line}` did not start.");
        try
        {
            var output = process.StandardOutput.ReadToEndAsync(cancellation);
            var error = process.StandardError.ReadToEndAsync(cancellation);
            await FeedAsync(process, input, cancellation);
            await process.WaitForExitAsync(cancellation);
            return new CommandResult(line, process.ExitCode, await output, await error);
        }
        catch (OperationCanceledException)
        {
            process.Kill(entireProcessTree: true);
            throw;
        }
    }

    private static async Task FeedAsync(Process process, string? input, CancellationToken cancellation)
    {
        try
        {
            if (input is not null)
            {
                await process.StandardInput.WriteAsync(input.AsMemory(), cancellation);
            }

            process.StandardInput.Close();
        }
        catch (IOException)
        {
            // The program ended without reading all of it; its exit code says why.
        }
    }
}
