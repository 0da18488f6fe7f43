using System.Collections.Immutable;
using System.Globalization;
using Weir.Action.Tests.Server;
using Xunit;

namespace Weir.Action.Tests.Comments;

/// <summary>One comment, made once and then kept up to date, whatever the API does; and never a failed step because of it.</summary>
public sealed class CommentTests : IDisposable
{
    private const string Marker = "<!-- weir-plan:topology -->";
    private readonly Repository _repository = new();
    private readonly ApiServer _api = new();

    public CommentTests() => _repository.CheckOut(_repository.Merge);

    public void Dispose()
    {
        _api.Dispose();
        _repository.Dispose();
    }

    [Fact]
    public async Task It_is_made_once_and_then_updated()
    {
        ActionRun first = await RunAsync();
        Comment made = Assert.Single(_api.Comments);
        Assert.StartsWith(Marker + "\n## topology: 1 change\n", made.Body, StringComparison.Ordinal);
        Assert.Contains($"{_repository.Main[..12]}..{_repository.Merge[..12]}", made.Body, StringComparison.Ordinal);
        Assert.Equal(Address(made), first.Outputs["comment-url"]);

        ActionRun second = await RunAsync(markdown: "## topology: 2 changes\n");
        Comment updated = Assert.Single(_api.Comments);
        Assert.Equal(made.Id, updated.Id);
        Assert.Contains("2 changes", updated.Body, StringComparison.Ordinal);
        Assert.Equal(Address(made), second.Outputs["comment-url"]);
        Assert.Equal("GET POST GET PATCH", _api.Methods);
        Assert.All(_api.Exchanges, exchange => Assert.Equal("Bearer a-token", exchange.Authorization));
    }

    [Fact]
    public async Task It_is_found_on_a_later_page()
    {
        Talk(230);
        _api.Comments.Add(new Comment(5000, ApiServer.Bot, Marker + "\nold"));
        Talk(20);
        await RunAsync();
        Assert.Equal("GET GET GET PATCH", _api.Methods);
        Assert.Contains("1 change", _api.Comments.Single(comment => comment.Id == 5000).Body, StringComparison.Ordinal);
    }

    /// <summary>Anybody can write the marker into a comment of theirs, or quote ours.</summary>
    [Fact]
    public async Task What_others_wrote_is_left_alone()
    {
        Comment[] others =
        [
            new(1, "mallory", Marker + "\nNothing changes, merge it."),
            new(2, ApiServer.Bot, "Somebody said: " + Marker),
            new(3, ApiServer.Bot, "<!-- weir-plan:topology-b -->\nanother plan"),
        ];
        _api.Comments.AddRange(others);
        await RunAsync();
        Assert.Equal("GET POST", _api.Methods);
        Assert.Equal(others, _api.Comments.Take(3));
    }

    [Fact]
    public async Task Plans_with_different_names_have_a_comment_each()
    {
        await RunAsync();
        await RunAsync(("WEIR_NAME", "lab"));
        await RunAsync();
        Assert.Equal(2, _api.Comments.Count);
        Assert.StartsWith("<!-- weir-plan:lab -->", _api.Comments[1].Body, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(401)]
    [InlineData(403)]
    [InlineData(404)]
    public async Task A_token_that_may_not_comment_is_a_warning(int status)
    {
        _api.Fail("POST", new Answer(status));
        ActionRun run = await RunAsync();
        Assert.Equal(0, run.ExitCode);
        Assert.Contains("1 change", run.Summary, StringComparison.Ordinal);
        Assert.Equal($"::warning title=Weir: no comment::The token may not comment here ({status}). Give the job pull-requests: write; the plan is in the job summary.", Assert.Single(run.Commands));
        Assert.Equal("", run.Outputs["comment-url"]);
        Assert.Equal("GET POST", _api.Methods);
    }

    [Fact]
    public async Task A_pull_request_from_a_fork_is_not_commented_at_all()
    {
        ActionRun run = await ActionRun.OfAsync(_repository, "pull_request", Events.PullRequest(_repository, owner: "mona"), Compilers.Canned(_repository.CompilerFolder), _api.Address);
        Assert.Equal(0, run.ExitCode);
        Assert.Empty(_api.Exchanges);
        Assert.Empty(run.Commands);
        Assert.Contains("1 change", run.Summary, StringComparison.Ordinal);
        Assert.Equal("low", run.Outputs["risk"]);
    }

    [Fact]
    public async Task Without_the_wish_or_a_pull_request_there_is_no_comment()
    {
        await RunAsync(("WEIR_COMMENT", "false"));
        await ActionRun.OfAsync(_repository, "merge_group", Events.MergeGroup(_repository), Compilers.Canned(_repository.CompilerFolder), _api.Address);
        Assert.Empty(_api.Exchanges);
    }

    [Fact]
    public async Task A_server_that_is_out_of_order_is_asked_again()
    {
        _api.Fail("GET", new Answer(502), new Answer(503), new Answer(500));
        ActionRun run = await RunAsync();
        Assert.Equal("GET GET GET GET POST", _api.Methods);
        Assert.Empty(run.Commands);
    }

    /// <summary>The comment was made, and only the answer said otherwise: another POST would make a second one.</summary>
    [Fact]
    public async Task An_answer_lost_on_its_way_makes_no_second_comment()
    {
        _api.Fail("POST", new Answer(502, AlsoDoIt: true));
        ActionRun run = await RunAsync();
        Assert.Equal("GET POST GET PATCH", _api.Methods);
        Assert.Equal(Address(Assert.Single(_api.Comments)), run.Outputs["comment-url"]);
    }

    [Fact]
    public async Task A_comment_that_is_gone_is_looked_for_anew()
    {
        _api.Comments.Add(new Comment(5000, ApiServer.Bot, Marker + "\nold"));
        _api.Fail("PATCH", new Answer(404));
        ActionRun run = await RunAsync();
        Assert.Equal("GET PATCH GET PATCH", _api.Methods);
        Assert.NotEqual("", run.Outputs["comment-url"]);
    }

    [Theory]
    [InlineData(429, "Retry-After", "1")]
    [InlineData(403, "Retry-After", "1")]
    [InlineData(403, "X-RateLimit-Remaining", "0")]
    public async Task A_limit_of_requests_is_waited_for(int status, string header, string value)
    {
        _api.Fail("POST", new Answer(status, ImmutableDictionary<string, string>.Empty.Add(header, value)));
        ActionRun run = await RunAsync();
        Assert.Equal("GET POST POST", _api.Methods);
        Assert.Single(_api.Comments);
        Assert.Empty(run.Commands);
    }

    [Fact]
    public async Task A_limit_that_lasts_is_not_waited_for()
    {
        string later = DateTimeOffset.UtcNow.AddMinutes(30).ToUnixTimeSeconds().ToString(CultureInfo.InvariantCulture);
        _api.Fail("GET", new Answer(403, ImmutableDictionary<string, string>.Empty.Add("X-RateLimit-Remaining", "0").Add("X-RateLimit-Reset", later)));
        ActionRun run = await RunAsync();
        Assert.Equal((0, "GET"), (run.ExitCode, _api.Methods));
        // Words of the server are not taken for a command, and what would end the annotation is escaped.
        Assert.Equal("::warning title=Weir: no comment::The API answered 403: ::error::Something is %25 wrong. The plan is in the job summary.", Assert.Single(run.Commands));
    }

    [Fact]
    public async Task A_server_that_stays_out_of_order_is_a_warning()
    {
        _api.Fail("GET", Enumerable.Repeat(new Answer(503), 20));
        ActionRun run = await RunAsync();
        Assert.Equal(0, run.ExitCode);
        Assert.Equal(5, _api.Exchanges.Count);
        Assert.StartsWith("::warning title=Weir: no comment::The API answered 503", Assert.Single(run.Commands), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Nobody_listening_is_a_warning()
    {
        ActionRun run = await ActionRun.OfAsync(_repository, "pull_request", Events.PullRequest(_repository), Compilers.Canned(_repository.CompilerFolder), "http://127.0.0.1:9");
        Assert.Equal(0, run.ExitCode);
        Assert.StartsWith("::warning title=Weir: no comment::The API answered 000", Assert.Single(run.Commands), StringComparison.Ordinal);
    }

    private void Talk(int comments)
    {
        for (int i = 0; i < comments; i++)
        {
            _api.Comments.Add(new Comment(_api.Comments.Count + 1, "mona", "I say!"));
        }
    }

    private static string Address(Comment comment) => string.Create(CultureInfo.InvariantCulture, $"https://github.com/example/edge/pull/7#issuecomment-{comment.Id}");

    private Task<ActionRun> RunAsync(params (string, string)[] environment) => RunAsync("## topology: 1 change\n", environment);

    private Task<ActionRun> RunAsync(string markdown, params (string, string)[] environment) => ActionRun.OfAsync(
        _repository, "pull_request", Events.PullRequest(_repository), Compilers.Canned(_repository.CompilerFolder, markdown), _api.Address, environment);
}
