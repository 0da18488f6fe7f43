using System.Diagnostics;
using System.Text;

namespace Weir.Kernels.Tests;

/// <summary>A kernel booted under emulation. The guest's first serial line is its console; on the second it reports its checks:
/// <c>begin NAME</c>, lines of log, <c>end NAME EXITCODE</c>.</summary>
internal sealed class Guest(Kernel kernel, string initramfs, string console)
{
    private const string Program = "qemu-system-x86_64";

    private readonly Dictionary<string, CheckResult> results = new(StringComparer.Ordinal);

    /// <summary>Boots, lets the guest run its checks and waits until it powers itself off. Results keep coming in until
    /// then, so a guest that hangs or panics still shows what it got done.</summary>
    /// <returns>The results by check, and why there may be no more of them.</returns>
    public async Task<(IReadOnlyDictionary<string, CheckResult> Results, string End)> Run(
        TimeSpan deadline, Action<string> progress, CancellationToken cancel)
    {
        ProcessStartInfo start = new(Program, Arguments())
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        using CancellationTokenSource bound = CancellationTokenSource.CreateLinkedTokenSource(cancel);
        bound.CancelAfter(deadline);
        using Process process = Process.Start(start)!;
        void Stop(object? sender, EventArgs e) => process.Kill();
        AppDomain.CurrentDomain.ProcessExit += Stop;
        try
        {
            Task<string> errors = process.StandardError.ReadToEndAsync(bound.Token);
            await Follow(process.StandardOutput, progress, bound.Token);
            await process.WaitForExitAsync(bound.Token);
            return (results, $"The guest ended. {await errors}");
        }
        catch (OperationCanceledException) when (!cancel.IsCancellationRequested)
        {
            return (results, $"The guest was stopped after {deadline.TotalSeconds:f0} s.");
        }
        finally
        {
            AppDomain.CurrentDomain.ProcessExit -= Stop;
            if (!process.HasExited)
            {
                process.Kill();
                await process.WaitForExitAsync(CancellationToken.None);
            }
        }
    }

    private IEnumerable<string> Arguments() =>
    [
        "-accel", "tcg,thread=multi", "-cpu", "max", "-smp", "2", "-m", "2048", "-nodefaults", "-no-user-config", "-display", "none", "-no-reboot",
        "-kernel", kernel.Image, "-initrd", initramfs,
        "-append", "console=ttyS0 quiet loglevel=5 panic=-1 oops=panic net.ifnames=0",
        "-chardev", $"file,id=console,path={console}", "-serial", "chardev:console",
        "-chardev", "stdio,id=report,signal=off", "-serial", "chardev:report",
    ];

    private async Task Follow(StreamReader report, Action<string> progress, CancellationToken cancel)
    {
        string? check = null;
        StringBuilder log = new();
        long begun = 0;
        while (await report.ReadLineAsync(cancel) is { } received)
        {
            string line = received.TrimEnd('\r');
            string[] words = line.Split(' ');
            switch (words)
            {
                case ["begin", var name]:
                    check = name;
                    log.Clear();
                    begun = Stopwatch.GetTimestamp();
                    results[name] = new(false, "The check did not end.");
                    break;
                case ["end", var name, var code] when name == check:
                    results[name] = new(code == "0", $"{log}exit code {code}");
                    progress($"Linux {kernel.Release}: {name} {(code == "0" ? "passed" : "FAILED")} in {Stopwatch.GetElapsedTime(begun).TotalSeconds:f1} s");
                    check = null;
                    break;
                default:
                    log.AppendLine(line);
                    if (check is not null)
                    {
                        results[check] = new(false, $"{log}The check did not end.");
                    }

                    break;
            }
        }
    }
}
