using System.Diagnostics;
using Weir.Compiler.Sources;
using Xunit;

namespace Weir.Compiler.Tests.Sources;

/// <summary>Against repositories that git itself made.</summary>
public sealed class TopologyRevisionTests : IDisposable
{
    private readonly string _root = Directory.CreateTempSubdirectory("weir-revision-").FullName;

    public void Dispose()
    {
        foreach (string file in Directory.EnumerateFiles(_root, "*", SearchOption.AllDirectories))
        {
            File.SetAttributes(file, FileAttributes.Normal);
        }

        Directory.Delete(_root, recursive: true);
    }

    [Fact]
    public void A_commit_is_read_whatever_the_work_tree_holds()
    {
        Git("init", "-q", "-b", "main");
        Write("topology/a.yaml", "seed: old");
        Write("topology/sub/b.yaml", "pools: {}");
        Write("elsewhere.yaml", "seed: elsewhere");
        Commit();
        string first = Git("rev-parse", "HEAD").Trim();
        Write("topology/a.yaml", "seed: new");
        File.Delete(Path.Combine(_root, "topology/sub/b.yaml"));
        Commit();
        Directory.Delete(Path.Combine(_root, "topology"), recursive: true);

        (SourceSet old, string? commit) = Read("HEAD~1");
        Assert.Equal(first, commit);
        Assert.Equal([("a.yaml", "seed: old"), ("sub/b.yaml", "pools: {}")], old.Files.Select(f => (f.Path, f.Text)));
        Assert.Equal([("a.yaml", "seed: new")], Read("main").Sources.Files.Select(f => (f.Path, f.Text)));
    }

    [Fact]
    public void What_git_cannot_resolve_is_a_diagnostic()
    {
        Assert.Equal("WEIR1020", Assert.Single(Read("HEAD").Sources.Diagnostics).Code);
        Git("init", "-q", "-b", "main");
        Assert.Equal("WEIR1020", Assert.Single(Read("HEAD").Sources.Diagnostics).Code);
        Write("other/a.yaml", "seed: a");
        Commit();
        Assert.Equal("WEIR1020", Assert.Single(Read("HEAD").Sources.Diagnostics).Code);
        Assert.Equal("WEIR1020", Assert.Single(Read("no-such-branch").Sources.Diagnostics).Code);
        Assert.Equal("WEIR1020", Assert.Single(Read("@{").Sources.Diagnostics).Code);
    }

    [Fact]
    public void Links_in_a_commit_are_not_followed()
    {
        Git("init", "-q", "-b", "main");
        Directory.CreateDirectory(Path.Combine(_root, "topology"));
        File.CreateSymbolicLink(Path.Combine(_root, "topology/a.yaml"), "/etc/hostname");
        Commit();
        Assert.Equal("WEIR1003", Assert.Single(Read("HEAD").Sources.Diagnostics).Code);
    }

    private (SourceSet Sources, string? Commit) Read(string revision) =>
        TopologyRevision.Read(Path.Combine(_root, "topology"), revision, TestContext.Current.CancellationToken);

    private void Write(string path, string text)
    {
        string full = Path.Combine(_root, path);
        Directory.CreateDirectory(Path.GetDirectoryName(full)!);
        File.WriteAllText(full, text);
    }

    private void Commit()
    {
        Git("add", "-A");
        Git("-c", "user.name=Test", "-c", "user.email=test@example.org", "-c", "commit.gpgsign=false", "commit", "-q", "-m", "change");
    }

    private string Git(params string[] arguments)
    {
        ProcessStartInfo start = new("git", ["-C", _root, .. arguments]) { RedirectStandardOutput = true };
        using Process git = Process.Start(start)!;
        string output = git.StandardOutput.ReadToEnd();
        git.WaitForExit();
        Assert.Equal(0, git.ExitCode);
        return output;
    }
}
