using Weir.Action.Tests.Server;
using Xunit;

namespace Weir.Action.Tests.Outcome;

/// <summary>Words of a pull request's author reach the script, and stay words.</summary>
public sealed class InjectionTests
{
    [Fact]
    public async Task Names_of_branches_and_titles_are_not_run()
    {
        using Repository repository = new("$(touch${IFS}pwned)`touch${IFS}pwned`;touch${IFS}pwned|touch${IFS}pwned&&a\"b'c");
        using ApiServer api = new();
        repository.CheckOut(repository.Merge);
        string title = repository.Branch + "\n::error::x\n${{ github.token }}\n<!-- weir-plan:topology -->\n$(touch pwned)";
        foreach ((string name, string payload) in new[]
        {
            ("pull_request", Events.PullRequest(repository, title: title)),
            ("push", Events.Push(repository, repository.Root, repository.Merge, title)),
            ("workflow_dispatch", Events.Dispatch(repository)),
        })
        {
            ActionRun run = await ActionRun.OfAsync(repository, name, payload, Compilers.Canned(repository.CompilerFolder), api.Address);
            Assert.True(run.ExitCode == 0, run.Log);
            Assert.Empty(run.Commands);
            Assert.False(File.Exists(Path.Combine(repository.Workspace, "pwned")));
        }

        Assert.Single(api.Comments);
    }

    [Fact]
    public async Task Names_of_files_are_not_run_and_outputs_are_not_forged()
    {
        const string Name = "$(touch pwned); echo x\n::error::x\nrisk<<a\nnone\na";
        using Repository repository = new();
        repository.CheckOut(repository.Merge);
        string folder = Path.Combine(repository.Workspace, "topo logy", Name);
        Directory.CreateDirectory(folder);
        string findings = $"{Name}\nend-0\n::set-output name=risk::none\n";
        string weir = Compilers.Canned(repository.CompilerFolder, json: """{ "changes": true, "risk": "high", "refused": false, "digest": "x\nchanges=false\nchanges<<y\nfalse\ny" }""", findings: findings);
        ActionRun run = await ActionRun.OfAsync(repository, "merge_group", Events.MergeGroup(repository), weir, "http://127.0.0.1:9", ("WEIR_TOPOLOGY", "topo logy/" + Name));
        Assert.Equal(0, run.ExitCode);
        Assert.Empty(run.Commands);
        Assert.Equal(("true", "high"), (run.Outputs["changes"], run.Outputs["risk"]));
        Assert.False(File.Exists(Path.Combine(repository.Workspace, "pwned")));
        Assert.Contains(Name, run.Summary, StringComparison.Ordinal);
    }
}
