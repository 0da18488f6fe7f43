using System.Collections.Immutable;
using System.Text.Json;
using NJsonSchema;
using Weir.Cli;
using Weir.Compiler.Diagnostics;
using Weir.Compiler.Sources;
using Weir.Compiler.Tests.Cli;
using Weir.Testing;
using Xunit;

namespace Weir.Compiler.Tests.Diagnostics;

/// <summary>One model, four forms.</summary>
public sealed class RendererTests
{
    private static readonly string[] Shown = ["1103-through-an-alias", "1201-unknown-pool", "1203-unused-pool", "1304-host-bits", "several-independent"];

    [Fact]
    public async Task The_forms_for_machines_are_stable()
    {
        BaselineCase baseline = new("tests/compiler/Diagnostics/renderers");
        foreach (string name in Shown)
        {
            DiagnosticReport report = DiagnosticReport.Of(Check(name, out SourceSet sources));
            baseline.Output($"{name}.github.txt", GitHubRenderer.Render(report, "topology/"));
            baseline.Output($"{name}.sarif", await ValidSarifAsync(new SarifRenderer(sources, "topology/").Render(report)));
        }

        baseline.Verify();
    }

    [Fact]
    public async Task The_sarif_of_every_case_follows_the_standard()
    {
        foreach (string name in DiagnosticCaseTests.Names())
        {
            DiagnosticReport report = DiagnosticReport.Of(Check(name, out SourceSet sources), maximum: 2);
            await ValidSarifAsync(new SarifRenderer(sources, "/a b/topology/").Render(report));
        }
    }

    [Fact]
    public void Sarif_fingerprints_outlive_lines_added_above()
    {
        const string Text = "seed: 5\npools: 7\n";
        string[] before = Fingerprints(Text);
        Assert.Equal(before.Length, before.Distinct(StringComparer.Ordinal).Count());
        Assert.Equal(before, Fingerprints("# One\n# more\n" + Text));
    }

    [Fact]
    public void Annotations_are_escaped()
    {
        Diagnostic diagnostic = Diagnose.UnusedPool(new SourceSpan("100%,a:b.yaml", 3, 4, 3, 8), "x::y\n%");
        string text = GitHubRenderer.Render(DiagnosticReport.Of([diagnostic]), "");
        Assert.StartsWith(
            "::warning file=100%25%2Ca%3Ab.yaml,line=3,col=4,endLine=3,endColumn=7,title=WEIR1203 unused-pool::pool `x::y\ufffd%25` is used by no VIP%0Ahelp: ",
            text,
            StringComparison.Ordinal);
        Assert.Single(text, '\n');
    }

    [Fact]
    public void At_most_ten_annotations_of_a_kind_are_written()
    {
        ImmutableArray<Diagnostic> many = [.. Many(250, error: true), .. Many(12, error: false)];
        string[] lines = GitHubRenderer.Render(DiagnosticReport.Of(many), "").Split('\n', StringSplitOptions.RemoveEmptyEntries);
        Assert.Equal(10, lines.Count(l => l.StartsWith("::error ", StringComparison.Ordinal)));
        Assert.Equal(0, lines.Count(l => l.StartsWith("::warning ", StringComparison.Ordinal)));
        Assert.Contains("240 errors and 12 warnings more are not shown", lines[^1], StringComparison.Ordinal);
    }

    [Fact]
    public void What_is_hidden_is_counted_by_kind()
    {
        ImmutableArray<Diagnostic> many = [.. Many(7, error: false), .. Many(5, error: true)];
        DiagnosticReport report = DiagnosticReport.Of(many, 8);
        Assert.Equal((8, 0, 4), (report.Shown.Length, report.HiddenErrors, report.HiddenWarnings));
        Assert.Equal((5, 7), (report.Errors, report.Warnings));
        Assert.Contains("4 warnings more are not shown: --max-findings 0", new TextRenderer(SourceSet.Of([]), "", color: false).Render(report), StringComparison.Ordinal);
        Assert.Equal(4, JsonDocument.Parse(JsonRenderer.Render(report, "")).RootElement.GetProperty("hidden").GetProperty("warnings").GetInt32());
        Assert.Equal(many, DiagnosticReport.Of(many, 0).Shown);
    }

    [Theory]
    [InlineData("a: wrong", 4, "wrong", "a: wrong\n  |    ^^^^^")]
    [InlineData("a:\twrong", 4, "wrong", "a: wrong\n  |    ^^^^^")]
    [InlineData("日本: 間違い", 5, "間違い", "日本: 間違い\n  |       ^^^^^^")]
    [InlineData("\U0001F600: wrong", 5, "wrong", "\U0001F600: wrong\n  |     ^^^^^")]
    [InlineData("e\u0301: wro\u0308ng", 5, "wro\u0308ng", "e\u0301: wro\u0308ng\n  |    ^^^^^")]
    [InlineData("❤\ufe0f: wrong", 5, "wrong", "❤\ufe0f: wrong\n  |     ^^^^^")]
    [InlineData("ｗｉｄｅ: x", 7, "x", "ｗｉｄｅ: x\n  |           ^")]
    [InlineData("\u202ea: x", 5, "x", "\ufffda: x\n  |     ^")]
    public void The_caret_is_under_the_span(string line, int column, string span, string expected)
    {
        Diagnostic diagnostic = Diagnose.NotUtf8(new SourceSpan("a.yaml", 1, column, 1, column + span.Length));
        string text = new TextRenderer(SourceSet.Of([new SourceFile("a.yaml", line + "\n")]), "", color: false).Render([diagnostic]);
        Assert.Contains($"1 | {expected}\n", text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Validate_writes_every_form_and_can_fail_on_warnings()
    {
        string topology = Path.Combine(RepositoryRoot.Path, DiagnosticCaseTests.Folder, "1203-unused-pool/topology");
        CommandRun github = await CommandRun.OfAsync("validate", topology, "--format", "github");
        Assert.StartsWith("::warning file=", github.Out, StringComparison.Ordinal);
        Assert.Equal(ExitCode.Done, github.ExitCode);
        CommandRun sarif = await CommandRun.OfAsync("validate", topology, "--format", "sarif", "--warnings-as-errors");
        await ValidSarifAsync(sarif.Out);
        Assert.Equal((ExitCode.Failed, ""), (sarif.ExitCode, sarif.Error));
        CommandRun text = await CommandRun.OfAsync("validate", topology, "--warnings-as-errors");
        Assert.Equal((ExitCode.Failed, ""), (text.ExitCode, text.Out));
        Assert.StartsWith("error[WEIR1203]", text.Error, StringComparison.Ordinal);
        Assert.Equal(ExitCode.Usage, (await CommandRun.OfAsync("validate", topology, "--max-findings", "-1")).ExitCode);
    }

    private static IEnumerable<Diagnostic> Many(int count, bool error) => Enumerable.Range(1, count)
        .Select(i => new SourceSpan("a.yaml", i, 1, i, 2))
        .Select(s => error ? Diagnose.NotUtf8(s) : Diagnose.UnusedPool(s, "web"));

    private static string[] Fingerprints(string text)
    {
        SourceSet sources = SourceSet.Of([new SourceFile("a.yaml", text)]);
        DiagnosticReport report = DiagnosticReport.Of(TopologyCompiler.Check(sources, TestContext.Current.CancellationToken).Diagnostics);
        return
        [
            .. JsonDocument.Parse(new SarifRenderer(sources, "").Render(report)).RootElement.GetProperty("runs")[0].GetProperty("results").EnumerateArray()
                .Where(r => r.GetProperty("ruleId").GetString() == "WEIR1103")
                .Select(r => r.GetProperty("partialFingerprints").GetProperty("weirFinding/v1").GetString()!),
        ];
    }

    private static async Task<string> ValidSarifAsync(string sarif)
    {
        string path = Path.Combine(RepositoryRoot.Path, "tests/compiler/Diagnostics/sarif-subset.schema.json");
        JsonSchema schema = await JsonSchema.FromFileAsync(path, TestContext.Current.CancellationToken);
        Assert.True(schema.Validate(sarif) is { Count: 0 }, string.Join('\n', schema.Validate(sarif)) + sarif);
        JsonElement run = JsonDocument.Parse(sarif).RootElement.GetProperty("runs")[0];
        JsonElement rules = run.GetProperty("tool").GetProperty("driver").GetProperty("rules");
        Assert.All(run.GetProperty("results").EnumerateArray(), result =>
            Assert.Equal(rules[result.GetProperty("ruleIndex").GetInt32()].GetProperty("id").GetString(), result.GetProperty("ruleId").GetString()));
        return sarif;
    }

    private static ImmutableArray<Diagnostic> Check(string name, out SourceSet sources)
    {
        sources = TopologyDirectory.Read(Path.Combine(RepositoryRoot.Path, DiagnosticCaseTests.Folder, name, "topology"), TestContext.Current.CancellationToken);
        return TopologyCompiler.Check(sources, TestContext.Current.CancellationToken).Diagnostics;
    }
}
