using System.Collections.Immutable;
using CsCheck;
using Weir.Compiler.Diagnostics;
using Weir.Compiler.Sources;
using Weir.Compiler.Syntax;
using Weir.Testing;
using Xunit;

namespace Weir.Compiler.Tests.Syntax;

/// <summary>Whatever a file holds, the answer is a topology or diagnostics, never an exception.</summary>
public sealed class HostileInputTests
{
    private static readonly SourceSet Example = TopologyDirectory.Read(Path.Combine(RepositoryRoot.Path, "examples/dual-stack-edge/topology"));

    private static readonly string[] Fragments =
    [
        "a", "sites", "pools", "vips", ": ", ":", "\n", "\n  ", "\n    - ", "- ", "[", "]", "{", "}", ", ", "&x ", "*x", "<<: *x", "\"", "'", "|\n", ">-\n  ",
        "# c", "? ", "!!str ", "!x ", "---\n", "...\n", "%YAML 1.2\n", "\t", "\r\n", "\0", "\u0085", "\u2028", "\ufeff", "\U0001F600", "0x1f", "1e9", "~", "10.0.0.1",
    ];

    private static readonly Gen<string> AnyFragment = Gen.Int[0, Fragments.Length - 1].Select(i => Fragments[i]);

    [Fact]
    public void Random_yaml_never_throws() =>
        AnyFragment.Array[0, 60].Sample(parts => Survives(string.Concat(parts)), iter: 10_000);

    [Fact]
    public void Damaged_examples_never_throw() =>
        Gen.Select(Gen.Int[0, Example.Files.Length - 1], Gen.Int[0, 10_000], Gen.Int[0, 40], AnyFragment).Sample(
            (file, at, removed, inserted) =>
            {
                SourceFile damaged = Example.Files[file];
                int start = at % damaged.Text.Length;
                string text = damaged.Text[..start] + inserted + damaged.Text[Math.Min(damaged.Text.Length, start + removed)..];
                Survives(SourceSet.Of(Example.Files.SetItem(file, damaged with { Text = text })));
            },
            iter: 500);

    [Theory]
    [InlineData("[")]
    [InlineData("{a: ")]
    [InlineData("- ")]
    [InlineData("? ")]
    [InlineData("a: &x\n ")]
    [InlineData("[[],")]
    public void Deep_nesting_is_refused(string opening)
    {
        string text = string.Concat(Enumerable.Repeat(opening, 100_000));
        Assert.True(Check(text).HasErrors());
    }

    [Fact]
    public void Alias_bombs_are_refused_before_they_are_expanded()
    {
        string bomb = "a0: &a0 [x]\n" + string.Concat(Enumerable.Range(1, 40).Select(i => $"a{i}: &a{i} [{string.Join(',', Enumerable.Repeat($"*a{i - 1}", 20))}]\n"));
        Assert.Equal("WEIR1015", Assert.Single(Check(bomb)).Code);
        string merges = "a0: &a0 {k: v}\n" + string.Concat(Enumerable.Range(1, 40).Select(i => $"a{i}: &a{i} {{x{i}: *a{i - 1}, y{i}: *a{i - 1}, <<: *a{i - 1}}}\n"));
        Assert.Contains(Check(merges), d => d.Code is "WEIR1015" or "WEIR1016");
    }

    [Fact]
    public void A_file_of_too_many_values_is_refused() =>
        Assert.Contains(Check("a: [" + string.Concat(Enumerable.Repeat("1,", (int)SyntaxLimits.Values + 1)) + "]"), d => d.Code == "WEIR1005");

    [Theory]
    [InlineData("")]
    [InlineData("# only a comment\n")]
    [InlineData("---\n")]
    [InlineData("~")]
    public void An_empty_file_adds_nothing(string text) =>
        Assert.Empty(TopologyCompiler.Check(SourceSet.Of([.. Example.Files, new SourceFile("zz.yaml", text)]), TestContext.Current.CancellationToken).Diagnostics);

    [Fact]
    public void Spans_lie_within_their_files_at_whatever_line_ends()
    {
        foreach (string ending in new[] { "\n", "\r\n", "\r" })
        {
            string text = "seed: 5\n# \U0001F600\nsites: { \"\U0001F600\": [1] }\n".Replace("\n", ending, StringComparison.Ordinal);
            string[] lines = text.Split(ending);
            foreach (Diagnostic diagnostic in Check(text))
            {
                Assert.InRange(diagnostic.Span.Line, 1, lines.Length);
                Assert.InRange(diagnostic.Span.Column, 1, lines[diagnostic.Span.Line - 1].Length + 1);
            }
        }
    }

    private static ImmutableArray<Diagnostic> Check(string text) =>
        TopologyCompiler.Check(SourceSet.Of([new SourceFile("a.yaml", text)]), TestContext.Current.CancellationToken).Diagnostics;

    private static void Survives(string text) => Survives(SourceSet.Of([new SourceFile("a.yaml", text)]));

    private static void Survives(SourceSet sources)
    {
        CheckResult result = TopologyCompiler.Check(sources);
        Assert.Equal(result.Topology is null, result.Diagnostics.HasErrors());
        new TextRenderer(sources, "", color: true).Render(result.Diagnostics);
        JsonRenderer.Render(result.Diagnostics);
    }
}
