using System.Diagnostics;

namespace Weir.Applier.Build;

/// <summary>Runs the compiler with nothing it does not need: an empty environment, no
/// capabilities, no new privileges, a limit of memory, CPU and time.</summary>
internal static class ConfinedRun
{
    private const int MemoryKiB = 4 * 1024 * 1024;
    private const int Seconds = 60;

    internal static async Task RunAsync(string executable, IEnumerable<string> arguments, string folder, TimeProvider time, CancellationToken cancellation)
    {
        // The shell sets the limits on itself and becomes the compiler.
        string[] limited = ["/bin/sh", "-c", $"ulimit -v {MemoryKiB}; ulimit -t {Seconds}; ulimit -c 0; exec \"$0\" \"$@\"", executable, .. arguments];
        string[] command = Environment.IsPrivilegedProcess
            ? [SetPriv(), "--no-new-privs", "--inh-caps=-all", "--bounding-set=-all", .. limited]
            : limited;
        ProcessStartInfo start = new(command[0], command[1..])
        {
            WorkingDirectory = folder,
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        start.Environment.Clear();
        start.Environment["TMPDIR"] = folder;
        using Process process = Process.Start(start) ?? throw new BuildException($"{executable} does not start.");
        process.StandardInput.Close();
        using CancellationTokenSource deadline = new(TimeSpan.FromSeconds(Seconds), time);
        using CancellationTokenSource either = CancellationTokenSource.CreateLinkedTokenSource(cancellation, deadline.Token);
        try
        {
            Task<string> output = process.StandardOutput.ReadToEndAsync(either.Token);
            string errors = await process.StandardError.ReadToEndAsync(either.Token);
            await output;
            await process.WaitForExitAsync(either.Token);
            if (process.ExitCode != 0)
            {
                throw Refusal(process.ExitCode, errors.Trim());
            }
        }
        catch (OperationCanceledException) when (deadline.IsCancellationRequested && !cancellation.IsCancellationRequested)
        {
            throw new BuildException($"clang was stopped after {Seconds} seconds.");
        }
        finally
        {
            if (!process.HasExited)
            {
                process.Kill(entireProcessTree: true);
                await process.WaitForExitAsync(CancellationToken.None);
            }
        }
    }

    private static string SetPriv() => new[] { "/usr/bin/setpriv", "/bin/setpriv" }.FirstOrDefault(File.Exists)
        ?? throw new BuildException("setpriv, which takes the compiler's privileges away, is not installed: apt-get install util-linux.");

    private static BuildException Refusal(int exitCode, string errors)
    {
        string? line = errors.Split('\n').FirstOrDefault(l => l.Contains("error:", StringComparison.Ordinal));
        return line is not null
            ? new BuildException($"clang refused the program: {line.Trim()}", errors)
            : new BuildException($"clang ended with status {exitCode} (limits: {MemoryKiB / 1024} MiB, {Seconds} s of CPU).", errors);
    }
}
