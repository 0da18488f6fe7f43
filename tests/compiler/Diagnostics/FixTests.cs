using Weir.Compiler.Diagnostics;
using Weir.Compiler.Sources;
using Weir.Testing;
using Xunit;

namespace Weir.Compiler.Tests.Diagnostics;

/// <summary>A fix does away with its finding, and the file can still be read.</summary>
public sealed class FixTests
{
    public static TheoryData<string> Cases => new(DiagnosticCaseTests.Names());

    [Fact]
    public void Some_findings_have_fixes() => Assert.True(DiagnosticCaseTests.Names().Sum(n => Fixable(n).Length) > 10);

    [Theory]
    [MemberData(nameof(Cases))]
    public void Every_fix_mends_its_finding(string name)
    {
        SourceSet sources = Read(name);
        foreach (Diagnostic diagnostic in Fixable(name))
        {
            Fix fix = diagnostic.Fix!;
            SourceSet mended = SourceSet.Of(
                sources.Files.Select(f => f.Path == fix.Span.File ? f with { Text = Apply(f.Text, fix) } : f),
                sources.Diagnostics);
            CheckResult after = TopologyCompiler.Check(mended, TestContext.Current.CancellationToken);
            Assert.DoesNotContain(after.Diagnostics, d => d.Code == diagnostic.Code && (d.Span.Line, d.Span.Column) == (diagnostic.Span.Line, diagnostic.Span.Column));
            Assert.DoesNotContain(after.Diagnostics, d => d.Code == "WEIR1007");
        }
    }

    private static string Apply(string text, Fix fix)
    {
        int start = Offset(text, fix.Span.Line, fix.Span.Column);
        int end = Offset(text, fix.Span.EndLine, fix.Span.EndColumn);
        return text[..start] + fix.Replacement + text[end..];
    }

    private static int Offset(string text, int line, int column)
    {
        int start = 0;
        for (int i = 1; i < line; i++)
        {
            start = text.IndexOf('\n', start) + 1;
        }

        return start + column - 1;
    }

    private static Diagnostic[] Fixable(string name) =>
        [.. TopologyCompiler.Check(Read(name), TestContext.Current.CancellationToken).Diagnostics.Where(d => d.Fix is not null)];

    private static SourceSet Read(string name) =>
        TopologyDirectory.Read(Path.Combine(RepositoryRoot.Path, DiagnosticCaseTests.Folder, name, "topology"), TestContext.Current.CancellationToken);
}
