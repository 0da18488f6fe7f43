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

    [Fact]
    public void A_scalar_of_ten_megabytes_is_told_of_in_a_few_lines()
    {
        string huge = new('9', 10 << 20);
        foreach (string text in new[] { $"seed: {huge}\n", $"seed: \"x{huge}\"\n", $"{huge}: 1\n", $"x{huge}: 1\n", $"pools: {{ web: {{ capacity: {huge} }} }}\n", $"- |\n  {huge}\n", $"# {huge}\n? " })
        {
            SourceSet sources = SourceSet.Of([new SourceFile("a.yaml", text)]);
            ImmutableArray<Diagnostic> diagnostics = TopologyCompiler.Check(sources, TestContext.Current.CancellationToken).Diagnostics;
            Assert.True(diagnostics.HasErrors());
            Assert.InRange(new TextRenderer(sources, "", color: false).Render(diagnostics).Length, 1, 10_000);
            Assert.InRange(JsonRenderer.Render(diagnostics).Length, 1, 20_000);
        }
    }

    [Theory]
    [InlineData("WEIR1002", new byte[] { 0xff, 0xfe, (byte)'a', 0, (byte)':', 0 }, "UTF-16")]
    [InlineData("WEIR1002", new byte[] { 0xfe, 0xff, 0, (byte)'a', 0, (byte)':' }, "UTF-16")]
    [InlineData("WEIR1002", new byte[] { (byte)'a', 0, (byte)':', 0 }, "UTF-16")]
    [InlineData("WEIR1002", new byte[] { (byte)'a', 0xc3, 0x28 }, "save it as UTF-8")]
    [InlineData("WEIR1006", new byte[] { (byte)'a', (byte)':', (byte)' ', 0 }, "remove it")]
    public void Bytes_of_another_encoding_are_told_apart(string code, byte[] bytes, string help)
    {
        SourceFile file = SourceFile.Decode("a.yaml", bytes);
        Diagnostic diagnostic = Assert.Single(TopologyCompiler.Check(SourceSet.Of([file]), TestContext.Current.CancellationToken).Diagnostics);
        Assert.Equal(code, diagnostic.Code);
        Assert.Contains(help, diagnostic.Help, StringComparison.Ordinal);
    }

    [Fact]
    public void A_byte_order_mark_in_front_is_no_part_of_the_text()
    {
        byte[] marked = [0xef, 0xbb, 0xbf, .. System.Text.Encoding.UTF8.GetBytes(Example.Files[0].Text)];
        SourceSet sources = SourceSet.Of(Example.Files.SetItem(0, SourceFile.Decode(Example.Files[0].Path, marked)));
        Assert.Empty(TopologyCompiler.Check(sources, TestContext.Current.CancellationToken).Diagnostics);
    }

    [Theory]
    [InlineData("%YAML 1.1\n---\nseed: a\n", "WEIR1022")]
    [InlineData("%YAML 1.2\n---\nseed: a\n", null)]
    [InlineData("seed: a\n<<<<<<< HEAD\n", "WEIR1021")]
    [InlineData("seed: a\n>>>>>>> topic\n", "WEIR1021")]
    [InlineData("seed: a\r\n<<<<<<< a\r\n=======\r\n>>>>>>> b\r\n", "WEIR1021")]
    [InlineData("seed: <<<<<<< HEAD\n", null)]
    [InlineData("---\nseed: a\n---\nseed: b\n", "WEIR1010")]
    [InlineData("seed: a\n...\n", null)]
    public void What_other_tools_leave_is_told_by_name(string text, string? code)
    {
        IEnumerable<Diagnostic> diagnostics = Check(text).Where(d => d.Code != "WEIR1102");
        Assert.Equal(code is null ? [] : [code], diagnostics.Select(d => d.Code));
    }

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
