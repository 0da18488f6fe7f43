using System.Text;
using Weir.Action.Tests.Server;
using Xunit;

namespace Weir.Action.Tests.Comments;

/// <summary>What the API and the runner take: 65,536 characters in a comment, 1 MiB in a step's summary.</summary>
public sealed class LimitTests : IDisposable
{
    private readonly Repository _repository = new();
    private readonly ApiServer _api = new();

    public LimitTests() => _repository.CheckOut(_repository.Merge);

    public void Dispose()
    {
        _api.Dispose();
        _repository.Dispose();
    }

    /// <summary>With signs outside the basic plane, which count twice, and blocks that are open where it is cut.</summary>
    [Fact]
    public async Task A_plan_too_long_for_a_comment_is_cut_after_a_whole_line_and_closed()
    {
        StringBuilder plan = new("## topology: 9,000 changes\n\n<details><summary>Sites</summary>\n\n````diff\n");
        for (int i = 0; i < 9000; i++)
        {
            plan.Append("+ 🌊 pools.web.backends.web-").Append(i).Append('\n');
        }

        plan.Append("````\n</details>\n");
        ActionRun run = await RunAsync(plan.ToString());
        Assert.Empty(run.Commands);
        string body = Assert.Single(_api.Comments).Body;
        Assert.InRange(body.Length, 64_000, 65_536);
        Assert.Matches(@"\n\+ 🌊 pools\.web\.backends\.web-\d+\n````\n\n</details>\n\n\*\*Cut here\*\*, at what a comment may hold\.[^\n]*\n\n<sub>`topology` of [0-9a-f.]+ · \[run\]\([^)]+\)</sub>\n$", body);
        Assert.Contains("web-8999\n````\n</details>", run.Summary, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_summary_stays_below_what_the_runner_takes()
    {
        ActionRun run = await RunAsync(string.Concat(Enumerable.Repeat("→ a line that is much the same as the one before it\n", 40_000)));
        Assert.InRange(Encoding.UTF8.GetByteCount(run.Summary), 300_000, 1024 * 1024);
        Assert.Contains("\n**Cut here.** The whole plan is in the step's log.\n", run.Summary, StringComparison.Ordinal);
        Assert.InRange(Assert.Single(_api.Comments).Body.Length, 64_000, 65_536);
    }

    [Fact]
    public async Task A_plan_that_just_fits_is_not_cut()
    {
        ActionRun run = await RunAsync(string.Concat(Enumerable.Repeat("a line of thirty-two characters\n", 2040)));
        Assert.Equal(0, run.ExitCode);
        Assert.DoesNotContain("Cut here", Assert.Single(_api.Comments).Body, StringComparison.Ordinal);
    }

    private Task<ActionRun> RunAsync(string markdown) => ActionRun.OfAsync(
        _repository, "pull_request", Events.PullRequest(_repository), Compilers.Canned(_repository.CompilerFolder, markdown), _api.Address);
}
