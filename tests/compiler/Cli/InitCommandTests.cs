using Weir.Cli;
using Xunit;

namespace Weir.Compiler.Tests.Cli;

public sealed class InitCommandTests : IDisposable
{
    private readonly string _root = Directory.CreateTempSubdirectory("weir-init-").FullName;

    public void Dispose() => Directory.Delete(_root, recursive: true);

    [Fact]
    public async Task What_is_written_is_valid_without_findings_and_can_be_built()
    {
        string directory = Path.Combine(_root, "new/repository");
        CommandRun init = await CommandRun.OfAsync("init", directory);
        Assert.Equal((ExitCode.Done, ""), (init.ExitCode, init.Error));
        Assert.Equal(
            [".github/workflows/weir.yml", "README.md", "topology.schema.json", "topology/pools.yaml", "topology/sites.yaml", "topology/vips.yaml"],
            Files(directory));
        CommandRun valid = await CommandRun.OfAsync("validate", Path.Combine(directory, "topology"));
        Assert.Equal(new CommandRun(ExitCode.Done, "valid: 1 site, 1 pool, 3 backends, 1 VIP\n", ""), valid);
        CommandRun explain = await CommandRun.OfAsync("explain", "tcp 198.51.100.7:5555 -> 203.0.113.10:443", Path.Combine(directory, "topology"), "--site", "lab");
        Assert.Contains("forwarded to web-", explain.Out, StringComparison.Ordinal);
        CommandRun build = await CommandRun.OfAsync("build", Path.Combine(directory, "topology"), "--site", "lab", "-o", Path.Combine(_root, "bundle"));
        Assert.Equal((ExitCode.Done, ""), (build.ExitCode, build.Error));
    }

    [Fact]
    public async Task The_schema_that_the_modelines_name_is_the_one_written()
    {
        await CommandRun.OfAsync("init", _root);
        foreach (string file in Directory.EnumerateFiles(Path.Combine(_root, "topology")))
        {
            string line = (await File.ReadAllLinesAsync(file, TestContext.Current.CancellationToken))[0];
            Assert.StartsWith("# yaml-language-server: $schema=", line, StringComparison.Ordinal);
            string schema = Path.Combine(Path.GetDirectoryName(file)!, line[(line.IndexOf('=', StringComparison.Ordinal) + 1)..]);
            Assert.Equal(Compiler.Structure.TopologySchema.Text, await File.ReadAllTextAsync(schema, TestContext.Current.CancellationToken));
        }
    }

    [Fact]
    public async Task Nothing_is_overwritten_and_then_nothing_written()
    {
        Directory.CreateDirectory(Path.Combine(_root, "topology"));
        await File.WriteAllTextAsync(Path.Combine(_root, "README.md"), "mine", TestContext.Current.CancellationToken);
        await File.WriteAllTextAsync(Path.Combine(_root, "topology/vips.yaml"), "mine", TestContext.Current.CancellationToken);
        CommandRun run = await CommandRun.OfAsync("init", _root);
        Assert.Equal((ExitCode.Failed, ""), (run.ExitCode, run.Out));
        Assert.Contains($"  {Path.Combine(_root, "README.md")}\n  {Path.Combine(_root, "topology/vips.yaml")}\n", run.Error, StringComparison.Ordinal);
        Assert.Equal(["README.md", "topology/vips.yaml"], Files(_root));
        Assert.Equal("mine", await File.ReadAllTextAsync(Path.Combine(_root, "README.md"), TestContext.Current.CancellationToken));
    }

    [Fact]
    public async Task What_fails_half_way_leaves_nothing()
    {
        // A file where a folder should be: the workflow's, which comes first, is out of the way again.
        await File.WriteAllTextAsync(Path.Combine(_root, "topology"), "mine", TestContext.Current.CancellationToken);
        CommandRun run = await CommandRun.OfAsync("init", _root);
        Assert.Equal((ExitCode.Failed, ""), (run.ExitCode, run.Out));
        Assert.Equal(["topology"], Directory.EnumerateFileSystemEntries(_root).Select(Path.GetFileName));
    }

    private static string[] Files(string directory) =>
        [.. Directory.EnumerateFiles(directory, "*", SearchOption.AllDirectories).Select(f => Path.GetRelativePath(directory, f)).Order(StringComparer.Ordinal)];
}
