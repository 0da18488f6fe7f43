using System.Diagnostics;
using System.Text.Json;
using Weir.Cli;
using Weir.Compiler.Plans.Text;
using Xunit;

namespace Weir.Compiler.Tests.Cli;

/// <summary><c>weir plan</c> on repositories that git itself made.</summary>
public sealed class PlanCommandTests : IDisposable
{
    private const string Topology = """
        sites:
          ams1:
            hosts: { lb1: { interface: eth0 } }
            encapsulation: { type: ipip, source: 10.10.0.1 }
            nextHop: { gateway: 10.10.0.254 }
        pools:
          web:
            backends:
              - { name: web-1, address: 10.1.0.11 }
              - { name: web-2, address: 10.1.0.12 }
              - { name: web-3, address: 10.1.0.13 }
              - { name: web-4, address: 10.1.0.14 }
        vips:
          www:
            address: 203.0.113.10
            ports: [tcp/80]
            pool: web
            sites: [ams1]

        """;

    private readonly string _root = Directory.CreateTempSubdirectory("weir-plan-").FullName;

    public PlanCommandTests()
    {
        Git("init", "-q", "-b", "main");
        Write(Topology);
        Commit("the base");
    }

    private string Folder => Path.Combine(_root, "topology");

    public void Dispose() => Directory.Delete(_root, recursive: true);

    [Fact]
    public async Task A_directory_is_compared_with_a_revision()
    {
        CommandRun same = await PlanAsync("--base", "HEAD", "--detailed-exitcode");
        Assert.Equal((ExitCode.Done, true), (same.ExitCode, same.Out.Contains("\nNo changes: 8 objects as before.\n", StringComparison.Ordinal)));
        Write(Topology.Replace("web-2, address: 10.1.0.12", "web-2, address: 10.1.0.12, state: drain", StringComparison.Ordinal));
        CommandRun changed = await PlanAsync("--base", "HEAD");
        Assert.Equal(ExitCode.Done, changed.ExitCode);
        Assert.Contains("~   backend web-2: state active -> drain", changed.Out, StringComparison.Ordinal);
        Assert.Equal(ExitCode.Changes, (await PlanAsync("--base", "HEAD", "--detailed-exitcode")).ExitCode);
    }

    [Fact]
    public async Task Equal_revisions_plan_empty_and_are_still_checked()
    {
        Assert.Contains("No changes", (await PlanAsync("--base", "main", "--head", "HEAD")).Out, StringComparison.Ordinal);
        Write("pools: 5\n");
        Commit("nonsense");
        Assert.Equal(ExitCode.Failed, (await PlanAsync("--base", "HEAD", "--head", "HEAD")).ExitCode);
    }

    [Fact]
    public async Task A_base_that_does_not_compile_is_named()
    {
        Write("pools: 5\n");
        Commit("nonsense");
        Write(Topology);
        CommandRun run = await PlanAsync("--base", "HEAD");
        Assert.Equal((ExitCode.Failed, ""), (run.ExitCode, run.Out));
        Assert.Contains("The base revision HEAD does not compile", run.Error, StringComparison.Ordinal);
        CommandRun fresh = await PlanAsync("--base", "none");
        Assert.Equal(ExitCode.Done, fresh.ExitCode);
        Assert.Contains("Plan: 8 to add, 0 to change, 0 to remove", fresh.Out, StringComparison.Ordinal);
        Assert.Contains("none..", fresh.Out, StringComparison.Ordinal);
        Assert.Equal(ExitCode.Failed, (await PlanAsync("--base", "no-such-branch")).ExitCode);
        Assert.Equal(ExitCode.Failed, (await PlanAsync("--base", "HEAD", "--head", "no-such-branch")).ExitCode);
    }

    [Fact]
    public async Task The_gate_refuses_until_an_override_names_the_finding()
    {
        Write(Topology.Replace("10.1.0.12 }", "10.1.0.12, state: drain }", StringComparison.Ordinal).Replace("10.1.0.13 }", "10.1.0.13, state: drain }", StringComparison.Ordinal));
        Assert.Equal(ExitCode.Refused, (await PlanAsync("--base", "HEAD", "--detailed-exitcode")).ExitCode);
        Assert.Equal(ExitCode.Refused, (await PlanAsync("--base", "HEAD", "--allow", "WEIR1601:pools.other")).ExitCode);
        Assert.Equal(ExitCode.Done, (await PlanAsync("--base", "HEAD", "--allow", "WEIR1601:pools.web")).ExitCode);
        CommandRun usage = await PlanAsync("--base", "HEAD", "--allow", "pools.web");
        Assert.Equal(ExitCode.Usage, usage.ExitCode);
        Commit("drain two\n\nWeir-Allow: WEIR1601 pools.web in a sentence\n\nReviewed-by: nobody");
        CommandRun ignored = await PlanAsync("--base", "HEAD~1", "--head", "HEAD");
        Assert.Equal(ExitCode.Refused, ignored.ExitCode);
        Git("-c", "user.name=Test", "-c", "user.email=test@example.org", "commit", "-q", "--amend", "-m", "drain two\n\nReviewed-by: nobody\nWeir-Allow: WEIR1601 pools.web\nWeir-Allow: all of it");
        CommandRun allowed = await PlanAsync("--base", "HEAD~1", "--head", "HEAD");
        Assert.Equal(ExitCode.Done, allowed.ExitCode);
        Assert.Contains($"allowed by commit {Git("rev-parse", "HEAD")[..12]}", allowed.Out, StringComparison.Ordinal);
        Assert.Contains("`all of it`", allowed.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Digests_are_those_of_build_and_depend_on_nothing_else()
    {
        CommandRun before = await CommandRun.OfAsync("build", Folder, "--site", "ams1", "-o", Path.Combine(_root, "before"), "--format", "json");
        Write(Topology.Replace("web-4, address: 10.1.0.14", "web-4, address: 10.1.0.14, weight: 50", StringComparison.Ordinal));
        CommandRun after = await CommandRun.OfAsync("build", Folder, "--site", "ams1", "-o", Path.Combine(_root, "after"), "--format", "json");
        CommandRun plan = await PlanAsync("--base", "HEAD", "--format", "json");
        Commit("lighter");
        CommandRun committed = await PlanAsync("--base", "HEAD~1", "--head", "HEAD", "--format", "json");
        using JsonDocument document = JsonDocument.Parse(plan.Out);
        using JsonDocument other = JsonDocument.Parse(committed.Out);
        JsonElement digests = document.RootElement.GetProperty("sites")[0].GetProperty("digests");
        Assert.Equal((Digest(before), Digest(after)), (digests.GetProperty("base").GetString(), digests.GetProperty("head").GetString()));
        Assert.Equal(document.RootElement.GetProperty("digest").GetString(), other.RootElement.GetProperty("digest").GetString());
        Assert.Equal(Git("rev-parse", "HEAD").Trim(), other.RootElement.GetProperty("head").GetProperty("commit").GetString());
    }

    [Fact]
    public async Task A_comment_is_never_too_long()
    {
        string backends = string.Join('\n', Enumerable.Range(0, 4000).Select(i => $"      - {{ name: a-rather-long-name-for-a-backend-{i}, address: 10.2.{i / 250}.{i % 250} }}"));
        Write(Topology.Replace("vips:", $"  many:\n    backends:\n{backends}\nvips:", StringComparison.Ordinal)
            .Replace("pool: web", "pool: many", StringComparison.Ordinal));
        string file = Path.Combine(_root, "plan.md");
        CommandRun run = await PlanAsync("--base", "HEAD", "--format", "markdown", "-o", file);
        Assert.Equal((ExitCode.Done, ""), (run.ExitCode, run.Out));
        string text = await File.ReadAllTextAsync(file, TestContext.Current.CancellationToken);
        Assert.InRange(text.Length, 50_000, PlanMarkdown.Longest);
        Assert.StartsWith(PlanMarkdown.Marker, text, StringComparison.Ordinal);
        Assert.Contains("more lines do not fit into a comment", text, StringComparison.Ordinal);
        Assert.Contains("digest sha256:", text[^120..], StringComparison.Ordinal);
        Assert.Equal(text.Split("<details>").Length, text.Split("</details>").Length);
    }

    [Fact]
    public async Task An_unknown_site_is_told()
    {
        Write(Topology.Replace("[tcp/80]", "[tcp/81]", StringComparison.Ordinal));
        CommandRun run = await PlanAsync("--base", "HEAD", "--site", "asm1");
        Assert.Equal(ExitCode.Failed, run.ExitCode);
        Assert.Contains("did you mean `ams1`?", run.Error, StringComparison.Ordinal);
    }

    private static string? Digest(CommandRun build)
    {
        using JsonDocument document = JsonDocument.Parse(build.Out);
        return document.RootElement.GetProperty("bundle").GetProperty("digest").GetString();
    }

    private Task<CommandRun> PlanAsync(params string[] arguments) => CommandRun.OfAsync(["plan", Folder, .. arguments]);

    private void Write(string text)
    {
        Directory.CreateDirectory(Folder);
        File.WriteAllText(Path.Combine(Folder, "topology.yaml"), text);
    }

    private void Commit(string message)
    {
        Git("add", "-A");
        Git("-c", "user.name=Test", "-c", "user.email=test@example.org", "-c", "commit.gpgsign=false", "commit", "-q", "-m", message);
    }

    private string Git(params string[] arguments)
    {
        ProcessStartInfo start = new("git", ["-C", _root, .. arguments]) { RedirectStandardOutput = true };
        using Process git = Process.Start(start)!;
        string output = git.StandardOutput.ReadToEnd();
        git.WaitForExit();
        Assert.Equal(0, git.ExitCode);
        return output;
    }
}
