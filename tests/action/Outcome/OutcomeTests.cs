using Weir.Action.Tests.Server;
using Xunit;

namespace Weir.Action.Tests.Outcome;

/// <summary>How the step ends and what it hands on, whatever the plan says.</summary>
public sealed class OutcomeTests : IDisposable
{
    private const string NoChange = """{ "schema": 1, "changes": false, "risk": "none", "refused": false, "digest": "4567" }""";
    private readonly Repository _repository = new();
    private readonly ApiServer _api = new();

    public OutcomeTests() => _repository.CheckOut(_repository.Merge);

    public void Dispose()
    {
        _api.Dispose();
        _repository.Dispose();
    }

    [Theory]
    [InlineData("gate", 0, Compilers.Plan, 0)]
    [InlineData("gate", 3, Compilers.Plan, 3)]
    [InlineData("changes", 0, Compilers.Plan, 2)]
    [InlineData("changes", 0, NoChange, 0)]
    [InlineData("changes", 3, Compilers.Plan, 3)]
    [InlineData("never", 0, Compilers.Plan, 0)]
    [InlineData("never", 3, Compilers.Plan, 0)]
    public async Task Only_what_fail_on_names_fails_the_step(string failOn, int compiler, string plan, int expected)
    {
        ActionRun run = await RunAsync(Compilers.Canned(_repository.CompilerFolder, json: plan, exit: compiler), ("WEIR_FAIL_ON", failOn));
        Assert.Equal(expected, run.ExitCode);
        bool changes = plan == Compilers.Plan;
        Assert.Equal(
            ("true", changes ? "true" : "false", changes ? "low" : "none", changes ? "0123" : "4567"),
            (run.Outputs["valid"], run.Outputs["changes"], run.Outputs["risk"], run.Outputs["digest"]));
        Assert.Single(_api.Comments);
    }

    [Fact]
    public async Task An_invalid_topology_fails_and_is_said_in_the_comment()
    {
        string weir = Compilers.Canned(_repository.CompilerFolder, validate: 1, findings: "error[WEIR1201]: no such pool\n```` and ::error::this\n");
        ActionRun run = await RunAsync(weir, ("WEIR_FAIL_ON", "never"));
        Assert.Equal((1, "false", ""), (run.ExitCode, run.Outputs["valid"], run.Outputs["changes"]));
        Assert.Contains("\n`````\nerror[WEIR1201]: no such pool\n```` and ::error::this\n`````\n", Assert.Single(_api.Comments).Body, StringComparison.Ordinal);
        Assert.Empty(run.Commands);
        Assert.DoesNotContain(_repository.Calls(), call => call.StartsWith("plan", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_plan_that_could_not_be_made_fails_and_replaces_what_was_said()
    {
        await RunAsync(Compilers.Canned(_repository.CompilerFolder));
        ActionRun run = await RunAsync(Compilers.Canned(_repository.CompilerFolder, exit: 70));
        Assert.Equal((1, "true", ""), (run.ExitCode, run.Outputs["valid"], run.Outputs["changes"]));
        Assert.Contains("## topology: no plan", Assert.Single(_api.Comments).Body, StringComparison.Ordinal);
        Assert.StartsWith("::error title=Weir::weir plan failed with exit code 70", Assert.Single(run.Commands), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("WEIR_NAME", "a --> b")]
    [InlineData("WEIR_NAME", "a--b")]
    [InlineData("WEIR_NAME", "$(touch pwned)")]
    [InlineData("WEIR_COMMENT", "yes")]
    [InlineData("WEIR_FAIL_ON", "warnings")]
    [InlineData("WEIR_TOPOLOGY", "../elsewhere")]
    [InlineData("WEIR_TOPOLOGY", "/etc")]
    [InlineData("WEIR_TOPOLOGY", "--format")]
    [InlineData("WEIR_TOKEN", "a\"\nurl = \"http://127.0.0.1:9")]
    [InlineData("WEIR_PATH", "/no/such/file")]
    public async Task An_input_that_makes_no_sense_is_refused_before_anything_is_done(string name, string value)
    {
        ActionRun run = await RunAsync(Compilers.Canned(_repository.CompilerFolder), (name, value));
        Assert.Equal(64, run.ExitCode);
        Assert.StartsWith("::error title=Weir::", Assert.Single(run.Commands), StringComparison.Ordinal);
        Assert.Empty(_api.Exchanges);
        Assert.Empty(_repository.Calls());
        Assert.Empty(run.Summary);
    }

    [Fact]
    public async Task It_does_not_run_with_the_rights_of_pull_request_target()
    {
        ActionRun run = await ActionRun.OfAsync(_repository, "pull_request_target", Events.PullRequest(_repository), Compilers.Canned(_repository.CompilerFolder), _api.Address);
        Assert.Equal(64, run.ExitCode);
        Assert.Empty(_repository.Calls());
    }

    /// <summary>A pull request could bring a compiler of its own otherwise.</summary>
    [Fact]
    public async Task A_compiler_out_of_the_change_under_review_is_not_run()
    {
        string weir = Compilers.Canned(Path.Combine(_repository.Workspace, "bin"));
        ActionRun untracked = await RunAsync(weir);
        Assert.Equal(0, untracked.ExitCode);
        Repository.Git(_repository.Workspace, "add", "bin/weir");
        File.Delete(Path.Combine(_repository.Workspace, "bin/calls"));
        ActionRun run = await RunAsync(weir);
        Assert.Equal(64, run.ExitCode);
        Assert.False(File.Exists(Path.Combine(_repository.Workspace, "bin/calls")));
    }

    private Task<ActionRun> RunAsync(string weir, params (string, string)[] environment) =>
        ActionRun.OfAsync(_repository, "pull_request", Events.PullRequest(_repository), weir, _api.Address, environment);
}
