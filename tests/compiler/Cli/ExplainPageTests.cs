using System.Text.Json;
using Weir.Cli;
using Weir.Compiler.Diagnostics;
using Xunit;

namespace Weir.Compiler.Tests.Cli;

/// <summary><c>weir explain</c> of codes and lint rules.</summary>
public sealed class ExplainPageTests
{
    [Theory]
    [InlineData("WEIR1203")]
    [InlineData("weir1203")]
    [InlineData("unused-pool")]
    public async Task A_page_is_found_by_code_and_by_rule(string name)
    {
        CommandRun run = await CommandRun.OfAsync("explain", name);
        Assert.Equal((ExitCode.Done, ""), (run.ExitCode, run.Error));
        Assert.StartsWith("# WEIR1203: no VIP uses the pool\n", run.Out, StringComparison.Ordinal);
        Assert.Contains("\nThe lint rule `unused-pool`: warning, unless", run.Out, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("WEIR1293", "weir explain WEIR1203")]
    [InlineData("unusd-pool", "weir explain unused-pool")]
    [InlineData("something-else-altogether", "weir explain --list")]
    public async Task An_unknown_name_is_answered_with_one_that_is_known(string name, string suggestion)
    {
        CommandRun run = await CommandRun.OfAsync("explain", name);
        Assert.Equal((ExitCode.Failed, ""), (run.ExitCode, run.Out));
        Assert.Contains(suggestion, run.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Every_code_is_listed_on_a_line()
    {
        CommandRun run = await CommandRun.OfAsync("explain", "--list");
        string[] lines = run.Out.Split('\n', StringSplitOptions.RemoveEmptyEntries);
        Assert.Equal(DiagnosticPage.Codes, lines.Select(l => l[..8]));
        CommandRun json = await CommandRun.OfAsync("explain", "--list", "--format", "json");
        Assert.Equal(lines.Length, JsonDocument.Parse(json.Out).RootElement.GetProperty("pages").GetArrayLength());
    }
}
