using System.Text.RegularExpressions;
using Weir.Compiler.Diagnostics;
using Weir.Compiler.Sources;
using Weir.Compiler.Structure;
using Weir.Compiler.Syntax;
using Weir.Testing;
using Xunit;

namespace Weir.Compiler.Tests.Documents;

/// <summary>Every YAML text that a document shows compiles: whole topologies as they are, parts of one made whole. Workflows of a forge are
/// read as YAML alone.</summary>
public sealed partial class YamlExampleTests
{
    /// <summary>Pages of diagnostics show wrong texts on purpose; what tests print shows none.</summary>
    private static readonly string[] Elsewhere = ["artifacts/", "tests/", "compiler/Diagnostics/Pages/", ".git/"];

    public static TheoryData<string> Documents => new(Directory
        .EnumerateFiles(RepositoryRoot.Path, "*.md", new EnumerationOptions { RecurseSubdirectories = true, AttributesToSkip = FileAttributes.ReparsePoint })
        .Select(f => Path.GetRelativePath(RepositoryRoot.Path, f))
        .Where(f => !Elsewhere.Any(e => f.StartsWith(e, StringComparison.Ordinal)))
        .Order(StringComparer.Ordinal));

    [Theory]
    [MemberData(nameof(Documents))]
    public void What_a_document_shows_compiles(string document)
    {
        string text = File.ReadAllText(Path.Combine(RepositoryRoot.Path, document));
        MatchCollection blocks = Block().Matches(text);
        Assert.Equal(Opening().Count(text), blocks.Count);
        Assert.All(blocks, block => Compile(Unindent(block.Groups["text"].Value, block.Groups["indent"].Length)));
    }

    [Fact]
    public void The_documents_show_some() => Assert.True(
        Documents.Sum(d => Block().Count(File.ReadAllText(Path.Combine(RepositoryRoot.Path, d.Data)))) > 20, "Blocks are not found any more.");

    [Fact]
    public void Every_example_of_the_schema_compiles()
    {
        SchemaExample[] examples = [.. SchemaExample.All(TopologySchema.Text)];
        Assert.True(examples.Length > 100);
        Assert.All(examples, example => Compile(example.Yaml));
    }

    [Theory]
    [InlineData("pools: { web: { backends: [{ name: web-1, address: 10.1.0.300 }] } }")]
    [InlineData("sites: { ams1: { mtv: 1500 } }")]
    [InlineData("vips: { www: { address: 203.0.113.10, ports: [tcp/0] } }")]
    public void A_wrong_part_is_not_made_right(string yaml) => Assert.Contains(Check(yaml).Diagnostics, d => d.Severity == Severity.Error);

    private static void Compile(string yaml)
    {
        SyntaxTree tree = SyntaxTree.Read(SourceSet.Of([new SourceFile("example.yaml", yaml)]));
        if (tree.Root.Find("jobs") is not null)
        {
            Assert.True(tree.IsComplete, yaml);
            return;
        }

        SourceSet sources = SourceSet.Of([new SourceFile("example.yaml", Fragment.Complete(yaml))]);
        CheckResult result = Check(yaml);
        Assert.True(result.Topology is not null, yaml + new TextRenderer(sources, "", color: false).Render(result.Diagnostics));
    }

    private static CheckResult Check(string yaml) =>
        TopologyCompiler.Check(SourceSet.Of([new SourceFile("example.yaml", Fragment.Complete(yaml))]), TestContext.Current.CancellationToken);

    private static string Unindent(string text, int indent) =>
        string.Join('\n', text.Split('\n').Select(line => line.Length >= indent ? line[indent..] : line.TrimStart(' ')));

    [GeneratedRegex(@"^(?<indent> *)```ya?ml\b[^\n]*\n(?<text>.*?)^\k<indent>```[ ]*$", RegexOptions.Multiline | RegexOptions.Singleline)]
    private static partial Regex Block();

    [GeneratedRegex(@"^ *(```|~~~) *ya?ml\b", RegexOptions.Multiline | RegexOptions.IgnoreCase)]
    private static partial Regex Opening();
}
