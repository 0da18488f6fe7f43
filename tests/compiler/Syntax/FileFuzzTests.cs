using System.Collections.Concurrent;
using System.Diagnostics;
using System.Globalization;
using Weir.Compiler.Diagnostics;
using Weir.Compiler.Sources;
using Weir.Compiler.Tests.Diagnostics;
using Weir.Testing;
using Xunit;

namespace Weir.Compiler.Tests.Syntax;

/// <summary>Tens of thousands of damaged files: no exception, no hang, findings that lie in their files and can be shown in every form.
/// <c>WEIR_FUZZ_FILES</c> (50,000) says how many; <c>WEIR_FUZZ_SEED</c> in hex another seed, or, as <c>SEED:INDEX</c>, the one file to repeat.</summary>
public sealed class FileFuzzTests
{
    /// <summary>A file that takes longer hangs. It is no measure: an ordinary one takes a millisecond.</summary>
    private static readonly TimeSpan Hang = TimeSpan.FromSeconds(60);

    private static readonly FileMutation Mutation = new([.. Seeds()]);

    [Fact]
    public async Task Damaged_files_are_told_what_is_wrong()
    {
        string[] setting = (Environment.GetEnvironmentVariable("WEIR_FUZZ_SEED") ?? "").Split(':');
        ulong seed = setting[0].Length > 0 ? ulong.Parse(setting[0], NumberStyles.HexNumber, CultureInfo.InvariantCulture) : (ulong)Stopwatch.GetTimestamp();
        int files = int.Parse(Environment.GetEnvironmentVariable("WEIR_FUZZ_FILES") ?? "50000", CultureInfo.InvariantCulture);
        (int first, int end) = setting.Length > 1 && int.Parse(setting[1], CultureInfo.InvariantCulture) is var only ? (only, only + 1) : (0, files);
        TestContext.Current.TestOutputHelper?.WriteLine($"fuzz: WEIR_FUZZ_SEED={seed:x16}, {end - first} files");
        ConcurrentDictionary<int, long> working = new();
        Task work = Task.Run(() => Parallel.For(first, end, index =>
        {
            working[index] = Stopwatch.GetTimestamp();
            try
            {
                Try(seed, index);
            }
            catch (Exception e)
            {
                throw new InvalidOperationException($"WEIR_FUZZ_SEED={seed:x16}:{index} repeats it", e);
            }
            finally
            {
                working.TryRemove(index, out _);
            }
        }));
        while (!work.IsCompleted)
        {
            await Task.WhenAny(work, Task.Delay(500, TestContext.Current.CancellationToken));
            foreach ((int index, long start) in working)
            {
                Assert.True(Stopwatch.GetElapsedTime(start) < Hang, $"WEIR_FUZZ_SEED={seed:x16}:{index} hangs");
            }
        }

        await work;
    }

    private static void Try(ulong seed, int index)
    {
        SourceSet sources = Mutation.Next(new Random(HashCode(seed, index)));
        CheckResult result = TopologyCompiler.Check(sources);
        Assert.Equal(result.Topology is null, result.Diagnostics.HasErrors());
        foreach (Diagnostic diagnostic in result.Diagnostics)
        {
            AssertWithin(diagnostic.Code, diagnostic.Span, sources);
            Assert.All(diagnostic.Related, r => AssertWithin(diagnostic.Code, r.Span, sources));
            if (diagnostic.Fix is { } fix)
            {
                AssertWithin(diagnostic.Code, fix.Span, sources);
            }
        }

        DiagnosticReport report = DiagnosticReport.Of(result.Diagnostics);
        string text = new TextRenderer(sources, "", color: false).Render(report);
        Assert.DoesNotContain(text, c => char.IsControl(c) && c != '\n');
        JsonRenderer.Render(report, "");
        GitHubRenderer.Render(report, "");
        new SarifRenderer(sources, "").Render(report);
        if (index % 16 == 0)
        {
            Assert.Equal(text, new TextRenderer(sources, "", color: false).Render(DiagnosticReport.Of(TopologyCompiler.Check(sources).Diagnostics)));
        }
    }

    private static void AssertWithin(string code, SourceSpan span, SourceSet sources)
    {
        if (span == SourceSpan.None)
        {
            return;
        }

        string[] lines = sources.TextOf(span.File)!.Replace("\r\n", "\n", StringComparison.Ordinal).Split('\n', '\r');
        Assert.True(
            span.Line >= 1 && span.Line <= lines.Length && span.Column >= 1 && span.Column <= lines[span.Line - 1].Length + 1
            && (span.EndLine, span.EndColumn).CompareTo((span.Line, span.Column)) >= 0 && span.EndLine <= lines.Length
            && span.EndColumn <= lines[span.EndLine - 1].Length + 1,
            $"{code} at {span} to {span.EndLine}:{span.EndColumn} of\n{sources.TextOf(span.File)}");
    }

    /// <summary>Mixes as SplitMix64 does (Steele, Lea and Flood, 2014).</summary>
    private static int HashCode(ulong seed, int index)
    {
        ulong z = seed + ((ulong)(index + 1) * 0x9e3779b97f4a7c15);
        z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9;
        z = (z ^ (z >> 27)) * 0x94d049bb133111eb;
        return (int)(z >> 33);
    }

    private static IEnumerable<SourceSet> Seeds()
    {
        string cases = Path.Combine(RepositoryRoot.Path, DiagnosticCaseTests.Folder);
        return DiagnosticCaseTests.Names()
            .Select(n => Path.Combine(cases, n, "topology"))
            .Append(Path.Combine(RepositoryRoot.Path, "examples/quickstart/topology"))
            .Select(d => TopologyDirectory.Read(d))
            .Where(s => s.Files.Length > 0 && s.Files.Sum(f => f.Text.Length) < 6_000)
            .Select(s => SourceSet.Of(s.Files));
    }
}
