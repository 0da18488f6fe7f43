using Weir.Cli;
using Weir.Compiler.Emit;
using Weir.Compiler.Snapshots;
using Weir.Compiler.Sources;
using Weir.Compiler.Tests.Cli;
using Weir.Compiler.Topologies;
using Weir.Testing;
using Xunit;

namespace Weir.Compiler.Tests.Snapshots;

public sealed class SnapshotTests : IDisposable
{
    private readonly string _root = Directory.CreateTempSubdirectory("weir-snapshot-").FullName;

    public void Dispose() => Directory.Delete(_root, recursive: true);

    [Theory]
    [InlineData("examples/quickstart/topology")]
    [InlineData("examples/dual-stack-edge/topology")]
    [InlineData("examples/edge-fleet/topology")]
    [InlineData("tests/compiler/Snapshots/whole-language/topology")]
    public void A_snapshot_is_the_same_topology_and_the_same_bundles(string directory)
    {
        Topology topology = Read(Sources(directory));
        string text = SnapshotText.Of(topology);
        Topology again = Read(SourceSet.Of([new SourceFile("snapshot.yaml", text)]));
        Assert.Equal(TopologyDigest.Of(topology), TopologyDigest.Of(again));
        Assert.Equal(text, SnapshotText.Of(again));
        foreach (Site site in topology.Sites)
        {
            Bundle expected = SiteCompilation.Compile(topology, site.Name, null).Bundle!;
            Bundle actual = SiteCompilation.Compile(again, site.Name, null).Bundle!;
            Assert.Equal(expected.Digest, actual.Digest);
            Assert.All(expected.Files.Where(f => f.Key != Bundle.ProvenancePath), f => Assert.Equal(f.Value, actual.Files[f.Key]));
        }
    }

    [Fact]
    public void Everything_stands_where_it_holds()
    {
        Topology topology = Read(Sources("tests/compiler/Snapshots/whole-language/topology"));
        new BaselineCase("tests/compiler/Snapshots/whole-language", "topology").Output(SnapshotText.FileName, SnapshotText.Of(topology)).Verify();
    }

    [Theory]
    [InlineData("no")]
    [InlineData("1e3")]
    [InlineData("0x10")]
    [InlineData("a: b # c")]
    [InlineData("\" \\ \t \u202e \ud83d\ude80 \u00e9")]
    [InlineData("~")]
    public void A_seed_of_any_text_is_kept(string seed)
    {
        Topology topology = Read(Sources("examples/quickstart/topology")) with { Seed = seed };
        Assert.Equal(seed, Read(SourceSet.Of([new SourceFile("snapshot.yaml", SnapshotText.Of(topology))])).Seed);
    }

    [Fact]
    public async Task The_file_is_written_checked_and_no_part_of_the_topology()
    {
        string file = Path.Combine(_root, "pools.yaml");
        foreach (string source in Directory.EnumerateFiles(Path.Combine(RepositoryRoot.Path, "examples/quickstart/topology")))
        {
            File.Copy(source, Path.Combine(_root, Path.GetFileName(source)));
        }

        CommandRun missing = await CommandRun.OfAsync("snapshot", _root, "--check");
        Assert.Equal(ExitCode.Failed, missing.ExitCode);
        Assert.Contains("+sites:", missing.Out, StringComparison.Ordinal);
        Assert.False(File.Exists(Path.Combine(_root, SnapshotText.FileName)));
        Assert.Equal(ExitCode.Done, (await CommandRun.OfAsync("snapshot", _root)).ExitCode);
        Assert.Equal(ExitCode.Done, (await CommandRun.OfAsync("snapshot", _root, "--check")).ExitCode);
        Assert.Equal((ExitCode.Done, ""), (await CommandRun.OfAsync("validate", _root)) is var valid ? (valid.ExitCode, valid.Error) : default);

        await File.WriteAllTextAsync(file, (await File.ReadAllTextAsync(file, TestContext.Current.CancellationToken)).Replace("weight: 50", "weight: 60", StringComparison.Ordinal), TestContext.Current.CancellationToken);
        CommandRun stale = await CommandRun.OfAsync("snapshot", _root, "--check");
        Assert.Equal(ExitCode.Failed, stale.ExitCode);
        Assert.Contains("\n-      - { name: web-2, address: 10.1.2.2, weight: 50, state: active }\n+      - { name: web-2, address: 10.1.2.2, weight: 60, state: active }\n", stale.Out, StringComparison.Ordinal);
        await File.WriteAllTextAsync(file, "pools: 1\n", TestContext.Current.CancellationToken);
        string before = await File.ReadAllTextAsync(Path.Combine(_root, SnapshotText.FileName), TestContext.Current.CancellationToken);
        Assert.Equal(ExitCode.Failed, (await CommandRun.OfAsync("snapshot", _root)).ExitCode);
        Assert.Equal(before, await File.ReadAllTextAsync(Path.Combine(_root, SnapshotText.FileName), TestContext.Current.CancellationToken));
    }

    private static SourceSet Sources(string directory) => TopologyDirectory.Read(Path.Combine(RepositoryRoot.Path, directory), TestContext.Current.CancellationToken);

    private static Topology Read(SourceSet sources)
    {
        CheckResult result = TopologyCompiler.Check(sources, TestContext.Current.CancellationToken);
        Assert.True(result.Topology is not null, string.Join('\n', result.Diagnostics.Select(d => d.Message)));
        return result.Topology!;
    }
}
