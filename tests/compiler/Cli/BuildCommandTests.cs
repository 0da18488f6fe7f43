using System.Text.Json;
using Weir.Cli;
using Weir.Compiler.Tests.Diagnostics;
using Weir.Testing;
using Xunit;

namespace Weir.Compiler.Tests.Cli;

public sealed class BuildCommandTests : IDisposable
{
    private static readonly string Example = Path.Combine(RepositoryRoot.Path, "examples/dual-stack-edge/topology");

    private readonly string _root = Directory.CreateTempSubdirectory("weir-build-").FullName;

    public void Dispose() => Directory.Delete(_root, recursive: true);

    [Fact]
    public async Task A_bundle_is_written_as_a_whole_and_replaced_as_a_whole()
    {
        string bundle = Path.Combine(_root, "bundle");
        CommandRun first = await CommandRun.OfAsync("build", Example, "--site", "ams1", "-o", bundle);
        Assert.Equal((ExitCode.Done, ""), (first.ExitCode, first.Error));
        Assert.True(File.Exists(Path.Combine(bundle, "manifest.json")));
        await File.WriteAllTextAsync(Path.Combine(bundle, "stray"), "", TestContext.Current.CancellationToken);
        CommandRun second = await CommandRun.OfAsync("build", Example, "--site", "ams1", "-o", bundle);
        Assert.Equal(first, second);
        Assert.False(File.Exists(Path.Combine(bundle, "stray")));
        Assert.Equal(["bundle"], Directory.EnumerateFileSystemEntries(_root).Select(Path.GetFileName));
    }

    [Fact]
    public async Task With_errors_nothing_is_written()
    {
        string bundle = Path.Combine(_root, "bundle");
        string bad = Path.Combine(RepositoryRoot.Path, DiagnosticCaseTests.Folder, "1201-unknown-pool", "topology");
        foreach (string[] arguments in new[]
        {
            new[] { "build", bad, "--site", "ams1", "-o", bundle },
            ["build", Example, "--site", "asm1", "-o", bundle],
            ["build", Example, "--site", "ams1", "-o", bundle, "--compare", Path.Combine(_root, "missing")],
            ["build", Example, "--site", "ams1", "-o", bundle, "--rev", "no-such-revision"],
        })
        {
            CommandRun run = await CommandRun.OfAsync(arguments);
            Assert.Equal((ExitCode.Failed, ""), (run.ExitCode, run.Out));
            Assert.NotEmpty(run.Error);
            Assert.Empty(Directory.EnumerateFileSystemEntries(_root));
        }
    }

    [Fact]
    public async Task A_directory_that_is_no_bundle_is_left_alone()
    {
        string other = Directory.CreateDirectory(Path.Combine(_root, "precious")).FullName;
        await File.WriteAllTextAsync(Path.Combine(other, "file"), "", TestContext.Current.CancellationToken);
        CommandRun run = await CommandRun.OfAsync("build", Example, "--site", "ams1", "-o", other);
        Assert.Equal(ExitCode.Failed, run.ExitCode);
        Assert.Equal(["file"], Directory.EnumerateFileSystemEntries(other).Select(Path.GetFileName));
    }

    [Fact]
    public async Task An_unknown_site_is_a_diagnostic()
    {
        CommandRun run = await CommandRun.OfAsync("build", Example, "--site", "asm1", "-o", Path.Combine(_root, "b"), "--format", "json");
        using JsonDocument document = JsonDocument.Parse(run.Out);
        JsonElement diagnostic = Assert.Single(document.RootElement.GetProperty("diagnostics").EnumerateArray());
        Assert.Equal("WEIR1211", diagnostic.GetProperty("code").GetString());
        Assert.Equal("did you mean `ams1`?", diagnostic.GetProperty("help").GetString());
    }

    [Fact]
    public async Task Slots_that_move_are_named()
    {
        string before = Path.Combine(_root, "before");
        string after = Path.Combine(_root, "after");
        string topology = Path.Combine(_root, "topology");
        await CommandRun.OfAsync("build", Example, "--site", "fra1", "-o", before);
        Copy(Example, topology);
        string voice = Path.Combine(topology, "pools/voice.yaml");
        await File.WriteAllTextAsync(
            voice,
            (await File.ReadAllTextAsync(voice, TestContext.Current.CancellationToken)).Replace("weight: 25", "state: drain", StringComparison.Ordinal),
            TestContext.Current.CancellationToken);

        CommandRun same = await CommandRun.OfAsync("build", Example, "--site", "fra1", "-o", after, "--compare", before);
        Assert.Contains("no ring slot moves\n", same.Out, StringComparison.Ordinal);
        CommandRun json = await CommandRun.OfAsync("build", topology, "--site", "fra1", "-o", after, "--compare", before, "--format", "json");
        using JsonDocument document = JsonDocument.Parse(json.Out);
        JsonElement[] changes = [.. document.RootElement.GetProperty("changes").EnumerateArray()];
        Assert.Equal(["dns", "media", "voice", "web"], changes.Select(c => c.GetProperty("pool").GetString()));
        Assert.Equal([0, 0, 0], new[] { 0, 1, 3 }.Select(i => changes[i].GetProperty("moved").GetInt32()));
        JsonElement voiceChange = changes[2];
        Assert.Equal(
            voiceChange.GetProperty("moved").GetInt32(),
            voiceChange.GetProperty("ranges").EnumerateArray().Sum(r => r.GetProperty("last").GetInt32() - r.GetProperty("first").GetInt32() + 1));
        Assert.All(voiceChange.GetProperty("ranges").EnumerateArray(), r => Assert.NotEqual("voice-3", r.GetProperty("to").GetString()));
        CommandRun text = await CommandRun.OfAsync("build", topology, "--site", "fra1", "-o", after, "--compare", before);
        Assert.Contains("voice-3 -> voice-1", text.Out, StringComparison.Ordinal);
    }

    private static void Copy(string from, string to)
    {
        foreach (string file in Directory.EnumerateFiles(from, "*", SearchOption.AllDirectories))
        {
            string target = Path.Combine(to, Path.GetRelativePath(from, file));
            Directory.CreateDirectory(Path.GetDirectoryName(target)!);
            File.Copy(file, target);
        }
    }
}
