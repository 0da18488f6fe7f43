using System.Collections.Immutable;
using System.Text;
using Weir.Compiler.Diagnostics;
using Weir.Compiler.Sources;
using Weir.Testing;
using Xunit;

namespace Weir.Compiler.Tests.Diagnostics;

/// <summary>Every code has a page, and what a page calls wrong and right is so.</summary>
public sealed class DiagnosticPageTests
{
    /// <summary>What a page's examples leave out is taken from here, key by key.</summary>
    private static readonly ImmutableDictionary<string, string> Sound = new Dictionary<string, string>(StringComparer.Ordinal)
    {
        ["sites"] = """
            sites:
              ams1:
                hosts: { lb1: { interface: eth0 }, lb2: { interface: eth0 } }
                encapsulation: { type: ipip, source: 10.10.0.1 }
                nextHop: { gateway: 10.10.0.254 }

            """,
        ["pools"] = """
            pools:
              web:
                backends:
                  - { name: web-1, address: 10.1.0.11 }
                  - { name: web-2, address: 10.1.0.12 }

            """,
        ["vips"] = "vips:\n  www: { address: 203.0.113.10, ports: [tcp/443], pool: web, sites: [ams1] }\n",
    }.ToImmutableDictionary(StringComparer.Ordinal);

    public static TheoryData<string> Codes => new(DiagnosticPage.Codes);

    [Fact]
    public void Every_code_has_a_page_and_every_page_a_code()
    {
        string[] codes = [.. DiagnosticTableTests.All().Select(d => d.Code).Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal)];
        Assert.Equal(codes, DiagnosticPage.Codes);
    }

    [Theory]
    [MemberData(nameof(Codes))]
    public void A_page_is_right_in_its_examples(string code)
    {
        DiagnosticPage page = DiagnosticPage.Find(code)!;
        Assert.StartsWith($"# {code}: ", page.Text, StringComparison.Ordinal);
        Assert.DoesNotMatch(@"\.$", page.Title);
        Assert.Contains("\n## What to do\n\n", page.Text, StringComparison.Ordinal);
        if (page.Text.Contains("\nNo example: ", StringComparison.Ordinal))
        {
            Assert.Matches(@"\nNo example: [a-z][^\n]{15,}\.\n", page.Text);
            Assert.DoesNotContain("```", page.Text, StringComparison.Ordinal);
            return;
        }

        ImmutableArray<Diagnostic> wrong = Check(Section(page, "Wrong"));
        Assert.NotEmpty(wrong);
        Assert.All(wrong, d => Assert.Equal(code, d.Code));
        Assert.Empty(Check(Section(page, "Right")));
    }

    [Fact]
    public void The_index_is_up_to_date()
    {
        StringBuilder index = new("# Diagnostics\n\nEvery finding of Weir by its code. `weir explain CODE` prints its page, with an example.\n\n"
            + "A finding with a rule is advice: a topology chooses its level, as `lint: { unused-pool: off }` with `off`, `warning` or `error`, and\n"
            + "`# weir-disable-next-line RULE reason` hides it on the line below. Everything else is an error, and with an error nothing is emitted.\n\n"
            + "| code | level | rule | message | page |\n|---|---|---|---|---|\n");
        foreach (Diagnostic diagnostic in DiagnosticTableTests.All().OrderBy(d => d.Code, StringComparer.Ordinal))
        {
            LintRule? rule = LintRules.OfCode(diagnostic.Code);
            string level = (rule?.Level.ToString() ?? diagnostic.Severity.ToString()).ToLowerInvariant();
            string name = rule is null ? "" : $"`{rule.Name}`";
            string message = diagnostic.Message.Replace("|", "\\|", StringComparison.Ordinal);
            string title = DiagnosticPage.Find(diagnostic.Code)?.Title ?? "";
            index.Append($"| {diagnostic.Code} | {level} | {name} | {message} | [{title}](../compiler/Diagnostics/Pages/{diagnostic.Code}.md) |\n");
        }

        string path = Path.Combine(RepositoryRoot.Path, "schemas/diagnostics.md");
        if (Environment.GetEnvironmentVariable("WEIR_ACCEPT") == "1")
        {
            File.WriteAllText(path, index.ToString());
        }

        Assert.Equal(File.Exists(path) ? File.ReadAllText(path) : "", index.ToString());
    }

    [Fact]
    public void Lint_rules_are_findings_of_the_table()
    {
        Dictionary<string, Diagnostic> table = DiagnosticTableTests.All().ToDictionary(d => d.Code, StringComparer.Ordinal);
        Assert.All(LintRules.All, r => Assert.Equal(Severity.Warning, table[r.Code].Severity));
        Assert.Equal(LintRules.All.Length, LintRules.All.Select(r => r.Name).Distinct(StringComparer.Ordinal).Count());
        Assert.All(LintRules.All, r => Assert.Matches("^[a-z]+(-[a-z]+)*$", r.Name));
    }

    private static string Section(DiagnosticPage page, string heading)
    {
        string start = $"\n## {heading}\n\n```yaml\n";
        int at = page.Text.IndexOf(start, StringComparison.Ordinal) + start.Length;
        return page.Text[at..page.Text.IndexOf("```\n", at, StringComparison.Ordinal)];
    }

    private static ImmutableArray<Diagnostic> Check(string text)
    {
        IEnumerable<SourceFile> rest = Sound
            .Where(s => !text.Contains($"{s.Key}:\n", StringComparison.Ordinal))
            .Select(s => new SourceFile($"{s.Key}.yaml", s.Value));
        return TopologyCompiler.Check(SourceSet.Of([new SourceFile("example.yaml", text), .. rest]), TestContext.Current.CancellationToken).Diagnostics;
    }
}
