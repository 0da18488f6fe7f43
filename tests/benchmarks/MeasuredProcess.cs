using System.Diagnostics;
using System.Globalization;
using System.Runtime.Versioning;

namespace Weir.Benchmarks;

/// <summary>A command's time and memory.</summary>
internal static class MeasuredProcess
{
    /// <summary>How often the kernel is asked for the most memory so far. The last growth within it may be missed.</summary>
    private static readonly TimeSpan Interval = TimeSpan.FromMilliseconds(5);

    /// <returns>How long the whole process took, and the most bytes it had resident (VmHWM, proc(5)).</returns>
    /// <exception cref="InvalidOperationException">It failed; what it said is in the message.</exception>
    [SupportedOSPlatform("linux")]
    public static async Task<(double Ns, long Peak)> RunAsync(string file, IReadOnlyList<string> arguments, CancellationToken cancellation)
    {
        ProcessStartInfo start = new(file, arguments) { RedirectStandardOutput = true, RedirectStandardError = true };
        long began = Stopwatch.GetTimestamp();
        using Process process = Process.Start(start)!;
        Task<string> output = process.StandardOutput.ReadToEndAsync(cancellation), errors = process.StandardError.ReadToEndAsync(cancellation);
        Task ended = process.WaitForExitAsync(cancellation);
        long peak = 0;
        while (!ended.IsCompleted)
        {
            peak = Math.Max(peak, HighWater(process.Id));
            await Task.WhenAny(ended, Task.Delay(Interval, cancellation));
        }

        await ended;
        double ns = Stopwatch.GetElapsedTime(began).TotalNanoseconds;
        string said = await output + await errors;
        return process.ExitCode == 0
            ? (ns, peak)
            : throw new InvalidOperationException($"{Path.GetFileName(file)} {string.Join(' ', arguments)} failed: {said.Trim()}");
    }

    private static long HighWater(int process)
    {
        try
        {
            string? line = File.ReadLines($"/proc/{process}/status").FirstOrDefault(l => l.StartsWith("VmHWM:", StringComparison.Ordinal));
            return line is null ? 0 : 1024 * long.Parse(line["VmHWM:".Length..].Replace("kB", "", StringComparison.Ordinal), CultureInfo.InvariantCulture);
        }
        catch (IOException)
        {
            return 0; // It has ended.
        }
    }
}
