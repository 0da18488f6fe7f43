using System.Diagnostics;
using System.Globalization;
using System.Text;
using Weir.Lab.Network;
using Weir.Lab.Processes;
using Xunit;

namespace Weir.EndToEnd.Tests.Quickstart;

/// <summary>The quickstart as a user runs it, but for installing and building.</summary>
public sealed class QuickstartTests
{
    private static readonly string Program = Path.Combine(
        AppContext.BaseDirectory.Replace("Weir.EndToEnd.Tests", "Weir.Lab", StringComparison.Ordinal), "Weir.Lab");

    private static int _runs;
    private readonly string _name = string.Create(CultureInfo.InvariantCulture, $"weir-test-{Environment.ProcessId}-{Interlocked.Increment(ref _runs)}");

    [Fact]
    public async Task It_shows_what_it_promises_and_leaves_nothing()
    {
        var run = await Command.RunAsync(Program, ["quickstart", "--name", _name], TestContext.Current.CancellationToken);
        Assert.True(run.ExitCode == 0, run.Error + run.Output);
        Assert.Contains("No packet was lost.", run.Output, StringComparison.Ordinal);
        Assert.Contains("share by weight", run.Output, StringComparison.Ordinal);
        AssertNothingIsLeft();
    }

    [Theory]
    [InlineData("making namespaces", "INT", 130)]
    [InlineData("starting HTTP", "TERM", 143)]
    [InlineData("sending traffic", "INT", 130)]
    public async Task Interrupted_it_removes_everything(string during, string signal, int exit)
    {
        var stop = TestContext.Current.CancellationToken;
        using var process = Process.Start(new ProcessStartInfo(Program, ["quickstart", "--name", _name]) { RedirectStandardError = true, RedirectStandardOutput = true })!;
        var said = new StringBuilder();
        while (!said.ToString().Contains(during, StringComparison.Ordinal))
        {
            said.AppendLine(await process.StandardError.ReadLineAsync(stop) ?? throw new InvalidOperationException($"It ended early:\n{said}"));
        }

        (await Command.RunAsync("kill", [$"-{signal}", process.Id.ToString(CultureInfo.InvariantCulture)], stop)).Required();
        await process.StandardError.ReadToEndAsync(stop);
        await process.WaitForExitAsync(stop);
        Assert.Equal(exit, process.ExitCode);
        AssertNothingIsLeft();
    }

    [Fact]
    public async Task Killed_it_is_cleaned_up_by_name()
    {
        var stop = TestContext.Current.CancellationToken;
        using var process = Process.Start(new ProcessStartInfo(Program, ["quickstart", "--name", _name]) { RedirectStandardError = true, RedirectStandardOutput = true })!;
        var line = string.Empty;
        while (!line.Contains("weir validate", StringComparison.Ordinal))
        {
            line = await process.StandardError.ReadLineAsync(stop) ?? throw new InvalidOperationException("It ended early.");
        }

        process.Kill(entireProcessTree: true);
        await process.WaitForExitAsync(stop);
        Assert.True(File.Exists(NetworkNamespace.PathOf($"{_name}-lb")));
        (await Command.RunAsync(Program, ["clean", "--name", _name], stop)).Required();
        AssertNothingIsLeft();
    }

    private void AssertNothingIsLeft()
    {
        Assert.Empty(Directory.GetFiles("/run/netns", $"{_name}-*"));
        Assert.False(Directory.Exists(new LabOptions { Name = _name }.Directory));
        Assert.DoesNotContain(_name, File.ReadAllText("/proc/self/mounts"), StringComparison.Ordinal);
    }
}
