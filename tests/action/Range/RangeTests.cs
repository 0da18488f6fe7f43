using Xunit;

namespace Weir.Action.Tests.Range;

/// <summary>Which two revisions are compared: what the merge changes, nothing else. Clones are shallow, as actions/checkout makes them.</summary>
public sealed class RangeTests
{
    private const string Zeros = "0000000000000000000000000000000000000000";

    /// <summary>The merge's first parent, and not where the branch began: the target branch has gone on.</summary>
    [Theory]
    [InlineData("opened")]
    [InlineData("synchronize")]
    public async Task A_pull_request_is_what_its_merge_adds_to_the_target_branch(string action)
    {
        using Repository repository = new();
        repository.CheckOut(repository.Merge);
        await ComparesAsync(repository, "pull_request", Events.PullRequest(repository, action), repository.Main, repository.Merge);
    }

    [Fact]
    public async Task A_checkout_of_the_branch_itself_is_compared_with_where_it_began()
    {
        using Repository repository = new();
        repository.CheckOut(repository.Head);
        await ComparesAsync(repository, "pull_request", Events.PullRequest(repository), repository.Start, repository.Head);
    }

    [Fact]
    public async Task A_merge_group_has_a_base_of_its_own()
    {
        using Repository repository = new();
        repository.CheckOut(repository.Merge);
        await ComparesAsync(repository, "merge_group", Events.MergeGroup(repository), repository.Main, repository.Merge);
    }

    [Fact]
    public async Task A_push_is_compared_with_what_it_replaces()
    {
        using Repository repository = new();
        repository.CheckOut(repository.Main);
        await ComparesAsync(repository, "push", Events.Push(repository, repository.Root, repository.Main), repository.Root, repository.Main);
    }

    [Fact]
    public async Task A_new_branch_is_compared_with_where_it_left_the_default_branch()
    {
        using Repository repository = new();
        repository.CheckOut(repository.Head);
        await ComparesAsync(repository, "push", Events.Push(repository, Zeros, repository.Head), repository.Start, repository.Head);
    }

    [Fact]
    public async Task A_forced_push_over_a_commit_that_is_gone_is_a_new_branch()
    {
        using Repository repository = new();
        repository.CheckOut(repository.Head);
        await ComparesAsync(repository, "push", Events.Push(repository, "00000000000000000000000000000000deadbeef", repository.Head), repository.Start, repository.Head);
    }

    [Fact]
    public async Task Everything_else_is_compared_with_the_default_branch()
    {
        using Repository repository = new();
        repository.CheckOut(repository.Head);
        await ComparesAsync(repository, "workflow_dispatch", Events.Dispatch(repository), repository.Start, repository.Head);
    }

    [Fact]
    public async Task The_base_can_be_named()
    {
        using Repository repository = new();
        repository.CheckOut(repository.Merge);
        await ComparesAsync(repository, "pull_request", Events.PullRequest(repository), repository.Root, repository.Merge, ("WEIR_BASE", repository.Root));
        await ComparesAsync(repository, "pull_request", Events.PullRequest(repository), repository.Main, repository.Merge, ("WEIR_BASE", "main"));
    }

    [Theory]
    [InlineData("--upload-pack=touch pwned", 64)]
    [InlineData("no-such-branch", 1)]
    [InlineData("$(touch pwned)", 1)]
    public async Task A_base_that_is_no_revision_is_refused(string value, int code)
    {
        using Repository repository = new();
        repository.CheckOut(repository.Merge);
        ActionRun run = await RunAsync(repository, "pull_request", Events.PullRequest(repository), ("WEIR_BASE", value));
        Assert.Equal(code, run.ExitCode);
        Assert.False(File.Exists(Path.Combine(repository.Workspace, "pwned")));
        Assert.DoesNotContain(repository.Calls(), call => call.StartsWith("plan", StringComparison.Ordinal));
    }

    [Fact]
    public async Task The_first_commit_of_all_is_compared_with_nothing()
    {
        using Repository repository = new();
        repository.CheckOut(repository.Root);
        Repository.Git(repository.Remote, "reset", "-q", "--hard", repository.Root);
        await ComparesAsync(repository, "push", Events.Push(repository, Zeros, repository.Root), "none", repository.Root);
    }

    [Fact]
    public async Task A_topology_that_the_base_did_not_have_is_compared_with_nothing()
    {
        using Repository repository = new();
        Directory.Move(Path.Combine(repository.Remote, "topology"), Path.Combine(repository.Remote, "moved"));
        string moved = repository.Commit("Move it");
        repository.CheckOut(moved);
        await ComparesAsync(repository, "push", Events.Push(repository, repository.Main, moved), "none", moved, ("WEIR_TOPOLOGY", "moved"));
    }

    /// <summary>The gate looks for overrides in the commits from base to head, and so needs them.</summary>
    [Fact]
    public async Task A_shallow_clone_is_deepened()
    {
        using Repository repository = new();
        repository.CheckOut(repository.Merge);
        Assert.Equal("true", Repository.Git(repository.Workspace, "rev-parse", "--is-shallow-repository"));
        await RunAsync(repository, "pull_request", Events.PullRequest(repository));
        Assert.Equal("false", Repository.Git(repository.Workspace, "rev-parse", "--is-shallow-repository"));
        Assert.Equal(repository.Merge, Repository.Git(repository.Workspace, "rev-parse", "HEAD"));
    }

    private static async Task ComparesAsync(Repository repository, string name, string payload, string from, string to, params (string, string)[] environment)
    {
        ActionRun run = await RunAsync(repository, name, payload, environment);
        Assert.True(run.ExitCode == 0, run.Log);
        Assert.Contains($" --base {from} --head {to} --format json", string.Join('\n', repository.Calls()), StringComparison.Ordinal);
    }

    private static Task<ActionRun> RunAsync(Repository repository, string name, string payload, params (string, string)[] environment) =>
        ActionRun.OfAsync(repository, name, payload, Compilers.Canned(repository.CompilerFolder), "http://127.0.0.1:9", [("WEIR_COMMENT", "false"), .. environment]);
}
