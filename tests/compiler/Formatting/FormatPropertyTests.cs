using System.Collections.Immutable;
using CsCheck;
using Weir.Compiler.Emit;
using Weir.Compiler.Formatting;
using Weir.Compiler.Sources;
using Weir.Compiler.Tests.Diagnostics;
using Weir.Compiler.Topologies;
using Weir.Testing;
using Xunit;

namespace Weir.Compiler.Tests.Formatting;

/// <summary>Formatting twice is formatting once, and what is compiled stays the same to the byte. That values and comments are kept, the
/// formatter proves on every call: it throws if they are not.</summary>
public sealed class FormatPropertyTests
{
    private static readonly string[] Fragments =
    [
        "a: 1", "b: [1, x, 'y: z']", "c: { d: e, f: \"2001:db8::1\" }", "\n", "\n\n", "\n  ", "\n    ", "- ", " # note", "\n# own line\n", "\n  # deeper\n",
        "&x ", "*x", "<<: *x", "key:", "key: ", ", ", "{ ", " }", "[", "]", "|\n  text\n\n  more\n", ">-\n  folded\n  text\n", "|+\n  kept\n\n", "\"q\\n\"", "'it''s'",
        "sites:", "pools:", "vips:", "web: ", "backends:", "name: n", "address: 10.0.0.1", "~", "yes", "0x1f", "? ", "---\n", "\t",
    ];

    private static readonly Gen<string> AnyFragment = Gen.Int[0, Fragments.Length - 1].Select(i => Fragments[i]);

    public static TheoryData<string> Topologies => new(Examples.Concat(DiagnosticCaseTests.Names().Select(n => $"{DiagnosticCaseTests.Folder}/{n}/topology")));

    private static IEnumerable<string> Examples =>
        Directory.EnumerateDirectories(Path.Combine(RepositoryRoot.Path, "examples")).Select(d => $"examples/{Path.GetFileName(d)}/topology");

    [Theory]
    [MemberData(nameof(Topologies))]
    public void Formatting_changes_no_byte_of_any_bundle(string folder)
    {
        SourceSet sources = TopologyDirectory.Read(Path.Combine(RepositoryRoot.Path, folder), TestContext.Current.CancellationToken);
        SourceSet formatted = sources with { Files = [.. sources.Files.Select(Formatted)] };
        Topology? before = TopologyCompiler.Check(sources, TestContext.Current.CancellationToken).Topology;
        Topology? after = TopologyCompiler.Check(formatted, TestContext.Current.CancellationToken).Topology;
        Assert.Equal(before is null, after is null);
        foreach (string site in before?.Sites.Select(s => s.Name) ?? [])
        {
            Assert.Equal(SiteCompilation.Compile(before!, site, null).Bundle?.Digest, SiteCompilation.Compile(after!, site, null).Bundle?.Digest);
        }
    }

    [Fact]
    public void Random_yaml_is_formatted_once_and_for_all() =>
        AnyFragment.Array[0, 24].Sample(parts => Formatted(new SourceFile("a.yaml", string.Concat(parts))), iter: 5_000);

    [Fact]
    public void Damaged_examples_are_formatted_once_and_for_all()
    {
        ImmutableArray<SourceFile> files =
        [
            .. Examples.SelectMany(e => TopologyDirectory.Read(Path.Combine(RepositoryRoot.Path, e), TestContext.Current.CancellationToken).Files)
                .Where(f => f.Text.Length < 4000),
        ];
        Gen.Select(Gen.Int[0, files.Length - 1], Gen.Int[0, 4000], Gen.Int[0, 12], AnyFragment).Sample(
            (file, at, removed, inserted) =>
            {
                string text = files[file].Text;
                int start = at % text.Length;
                Formatted(files[file] with { Text = text[..start] + inserted + text[Math.Min(text.Length, start + removed)..] });
            },
            iter: 500);
    }

    /// <summary>The file in its canonical form; as it is, if it cannot be read.</summary>
    private static SourceFile Formatted(SourceFile file)
    {
        if (TopologyFormatter.Format(file).Text is not { } text)
        {
            return file;
        }

        SourceFile once = file with { Text = text };
        Assert.Equal(text, TopologyFormatter.Format(once).Text);
        Assert.DoesNotContain("\n\n\n", text.Contains('|', StringComparison.Ordinal) || text.Contains('>', StringComparison.Ordinal) ? "" : text, StringComparison.Ordinal);
        return once;
    }
}
