using Weir.Compiler.Diagnostics;
using Weir.Compiler.Sources;
using Weir.Testing;
using Xunit;

namespace Weir.Compiler.Tests.Diagnostics;

/// <summary>A bad topology per diagnostic, with the findings as a person sees them.</summary>
public sealed class DiagnosticCaseTests
{
    public const string Folder = "tests/compiler/Diagnostics/cases";

    public static TheoryData<string> Cases => new(Names());

    public static IEnumerable<string> Names() =>
        Directory.EnumerateDirectories(Path.Combine(RepositoryRoot.Path, Folder)).Select(d => Path.GetFileName(d)!).Order(StringComparer.Ordinal);

    [Theory]
    [MemberData(nameof(Cases))]
    public void Findings_are_as_expected(string name)
    {
        BaselineCase baseline = new($"{Folder}/{name}", "topology", "vips.txt");
        SourceSet sources = TopologyDirectory.Read(Path.Combine(baseline.Directory, "topology"), TestContext.Current.CancellationToken);
        CheckResult result = TopologyCompiler.Check(sources, TestContext.Current.CancellationToken);
        Assert.NotEmpty(result.Diagnostics);
        Assert.Equal(result.Topology is null, result.Diagnostics.HasErrors());
        if (char.IsAsciiDigit(name[0]))
        {
            Assert.Contains(result.Diagnostics, d => d.Code == $"WEIR{name[..4]}");
        }

        string text = new TextRenderer(sources, "", color: false).Render(result.Diagnostics) + TextRenderer.Summary(result.Diagnostics) + "\n";
        baseline.Output("diagnostics.txt", text.Replace(baseline.Directory + "/", "", StringComparison.Ordinal)).Verify();
    }
}
