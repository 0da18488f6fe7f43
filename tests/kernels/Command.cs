using System.Diagnostics;

namespace Weir.Kernels.Tests;

/// <summary>Programs of the host that the matrix is prepared with.</summary>
internal static class Command
{
    /// <summary>Runs a program to its end and gives its standard output.</summary>
    /// <exception cref="InvalidOperationException">It could not be started, or its exit code is not 0; the text holds all it wrote.</exception>
    public static async Task<string> Run(string program, IEnumerable<string> arguments, CancellationToken cancel, string? directory = null)
    {
        ProcessStartInfo start = new(program, arguments)
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            WorkingDirectory = directory ?? Testing.RepositoryRoot.Path,
        };
        using Process process = Process.Start(start)!;
        process.StandardInput.Close();
        try
        {
            Task<string> errors = process.StandardError.ReadToEndAsync(cancel);
            string output = await process.StandardOutput.ReadToEndAsync(cancel);
            string diagnostics = await errors;
            await process.WaitForExitAsync(cancel);
            return process.ExitCode == 0
                ? output
                : throw new InvalidOperationException(
                    $"{program} {string.Join(' ', start.ArgumentList)} exited with {process.ExitCode}:\n{output}{diagnostics}");
        }
        finally
        {
            if (!process.HasExited)
            {
                process.Kill(entireProcessTree: true);
            }
        }
    }
}
