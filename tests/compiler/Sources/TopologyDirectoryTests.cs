using Weir.Compiler.Sources;
using Xunit;

namespace Weir.Compiler.Tests.Sources;

public sealed class TopologyDirectoryTests : IDisposable
{
    private readonly string _root = Directory.CreateTempSubdirectory("weir-sources-").FullName;

    public void Dispose() => Directory.Delete(_root, recursive: true);

    [Fact]
    public void Every_yaml_file_below_is_read_in_ordinal_order_and_hidden_ones_are_not()
    {
        foreach (string path in new[] { "b.yaml", "B.yaml", "a/z.yaml", "a/c/x.yaml", ".hidden.yaml", ".git/config.yaml", "notes.txt" })
        {
            Write(path, "");
        }

        SourceSet sources = TopologyDirectory.Read(_root, TestContext.Current.CancellationToken);
        Assert.Equal(["B.yaml", "a/c/x.yaml", "a/z.yaml", "b.yaml"], sources.Files.Select(f => f.Path));
        Assert.Empty(sources.Diagnostics);
    }

    [Fact]
    public void A_missing_directory_a_file_and_a_linked_directory_are_diagnostics()
    {
        Write("file", "");
        Write("real/a.yaml", "");
        File.CreateSymbolicLink(Path.Combine(_root, "real/linked"), _root);
        Assert.Equal("WEIR1020", Assert.Single(Read("missing").Diagnostics).Code);
        Assert.Equal("WEIR1020", Assert.Single(Read("file").Diagnostics).Code);
        Assert.Equal("WEIR1003", Assert.Single(Read("real").Diagnostics).Code);
    }

    [Fact]
    public void A_file_too_large_is_a_diagnostic()
    {
        using (FileStream large = File.Create(Path.Combine(_root, "large.yaml")))
        {
            large.SetLength(SourceSet.MaximumFileBytes + 1);
        }

        Assert.Equal("WEIR1005", Assert.Single(TopologyDirectory.Read(_root, TestContext.Current.CancellationToken).Diagnostics).Code);
    }

    [Fact]
    public void A_byte_order_mark_is_no_text_and_other_encodings_are_refused()
    {
        Assert.Equal("a: 1", SourceFile.Decode("a.yaml", [0xef, 0xbb, 0xbf, .. "a: 1"u8]).Text);
        SourceFile utf16 = SourceFile.Decode("a.yaml", [0xff, 0xfe, (byte)'a', 0]);
        Assert.False(utf16.IsUtf8);
        Assert.Contains(TopologyCompiler.Check(SourceSet.Of([utf16]), TestContext.Current.CancellationToken).Diagnostics, d => d.Code == "WEIR1002");
    }

    private SourceSet Read(string path) => TopologyDirectory.Read(Path.Combine(_root, path), TestContext.Current.CancellationToken);

    private void Write(string path, string text)
    {
        string full = Path.Combine(_root, path);
        Directory.CreateDirectory(Path.GetDirectoryName(full)!);
        File.WriteAllText(full, text);
    }
}
