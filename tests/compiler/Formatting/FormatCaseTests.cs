using Weir.Compiler.Formatting;
using Weir.Compiler.Sources;
using Weir.Testing;
using Xunit;

namespace Weir.Compiler.Tests.Formatting;

/// <summary>A file per rule of the canonical form, and beside it what becomes of it.</summary>
public sealed class FormatCaseTests
{
    private const string Folder = "tests/compiler/Formatting/cases";

    public static TheoryData<string> Cases =>
        new(Directory.EnumerateDirectories(Path.Combine(RepositoryRoot.Path, Folder)).Select(d => Path.GetFileName(d)!).Order(StringComparer.Ordinal));

    [Theory]
    [MemberData(nameof(Cases))]
    public void The_canonical_form_is_as_expected(string name)
    {
        BaselineCase baseline = new($"{Folder}/{name}", "input.yaml");
        SourceFile input = SourceFile.Decode("input.yaml", File.ReadAllBytes(Path.Combine(baseline.Directory, "input.yaml")));
        FormattedFile result = TopologyFormatter.Format(input);
        Assert.Empty(result.Diagnostics);
        Assert.Equal(result.Text, TopologyFormatter.Format(input with { Text = result.Text! }).Text);
        baseline.Output("formatted.yaml", result.Text!).Verify();
    }
}
