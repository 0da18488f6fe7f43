using System.Text.Json;
using Weir.Action.Tests.Server;
using Xunit;

namespace Weir.Action.Tests.Real;

/// <summary>The action with the real compiler: what a reviewer reads.</summary>
public sealed class CompilerTests
{
    [Fact]
    public async Task A_change_is_planned_and_commented()
    {
        using Repository repository = new();
        using ApiServer api = new();
        repository.CheckOut(repository.Merge);
        ActionRun run = await RunAsync(repository, api);
        Assert.True(run.ExitCode == 0, run.Log);
        string body = Assert.Single(api.Comments).Body;
        Assert.StartsWith("<!-- weir-plan:topology -->\n", body, StringComparison.Ordinal);
        Assert.Contains("web-4", body, StringComparison.Ordinal);
        using JsonDocument plan = JsonDocument.Parse(await File.ReadAllTextAsync(run.Outputs["json"], TestContext.Current.CancellationToken));
        Assert.Equal(plan.RootElement.GetProperty("digest").GetString(), run.Outputs["digest"]);
        Assert.Equal(64, run.Outputs["digest"].Length);
        Assert.Contains(run.Outputs["digest"], body, StringComparison.Ordinal);
        Assert.Equal(("true", "true", "false"), (run.Outputs["valid"], run.Outputs["changes"], run.Outputs["refused"]));
        using JsonDocument sarif = JsonDocument.Parse(await File.ReadAllTextAsync(run.Outputs["sarif"], TestContext.Current.CancellationToken));
        Assert.Equal("2.1.0", sarif.RootElement.GetProperty("version").GetString());
    }

    /// <summary>Two of three machines leave, and a commit of the branch may say that this is meant.</summary>
    [Theory]
    [InlineData("Take two away", 3, "true")]
    [InlineData("Take two away\n\nWeir-Allow: WEIR1601 pools.web\n", 0, "false")]
    public async Task The_gate_refuses_unless_a_commit_allows_it(string message, int code, string refused)
    {
        using Repository repository = new(before: Repository.Topology("web-1", "web-2", "web-3", "web-5", "web-6"), after: Repository.Topology("web-1", "web-2"), message: message);
        using ApiServer api = new();
        repository.CheckOut(repository.Merge);
        ActionRun run = await RunAsync(repository, api);
        Assert.True(run.ExitCode == code, run.Log);
        Assert.Equal(refused, run.Outputs["refused"]);
        Assert.Contains("WEIR1601", Assert.Single(api.Comments).Body, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Findings_are_annotations_at_their_lines()
    {
        using Repository repository = new(after: Repository.Topology("web-1").Replace("pool: web", "pool: wbe", StringComparison.Ordinal));
        using ApiServer api = new();
        repository.CheckOut(repository.Merge);
        ActionRun run = await RunAsync(repository, api);
        Assert.Equal(1, run.ExitCode);
        Assert.Contains(run.Commands, command => command.StartsWith("::error file=topology/all.yaml,line=7,", StringComparison.Ordinal));
        Assert.Contains("WEIR1201", Assert.Single(api.Comments).Body, StringComparison.Ordinal);
    }

    private static Task<ActionRun> RunAsync(Repository repository, ApiServer api) =>
        ActionRun.OfAsync(repository, "pull_request", Events.PullRequest(repository), Compilers.Real, api.Address);
}
