using System.Collections.Immutable;
using System.Text;
using Weir.Compiler.Emit;
using Weir.Compiler.Lowering;
using Weir.Compiler.Planning;
using Weir.Compiler.Tests.Lowering;
using Weir.Compiler.Topologies;
using Xunit;

namespace Weir.Compiler.Tests.Emit;

public sealed class BundleTests
{
    [Theory]
    [InlineData(1, 1, 3, false, 32)]
    [InlineData(4, 2, 16, true, 32)]
    [InlineData(40, 5, 100, true, 256)]
    public void What_is_written_reads_back_as_the_same_plan(int vips, int pools, int backends, bool backends6, int capacity)
    {
        SiteCompilation made = Compile(Samples.Topology(vips, pools, backends, true, backends6, capacity));
        (VerifiedBundle? read, ImmutableArray<string> problems) = BundleReader.Read(made.Bundle!);
        Assert.Empty(problems);
        SitePlan plan = read!.ToSitePlan();
        AssertEqual(made.Plan!, plan);
        DataPlane again = SiteLowering.Lower(plan);
        Assert.Equal(made.DataPlane!.Images.Select(i => i.Section), again.Images.Select(i => i.Section));
        Assert.All(made.DataPlane.Images.Zip(again.Images), pair => Assert.Equal(pair.First.Bytes, pair.Second.Bytes));
        Assert.Equal(ProgramEmitter.Emit(made.DataPlane), read.Source);
    }

    [Fact]
    public void A_folder_holds_the_same_bundle()
    {
        Bundle bundle = Compile(Samples.Topology(6)).Bundle!;
        string folder = Path.Combine(Path.GetTempPath(), $"weir-{Guid.NewGuid():n}");
        try
        {
            BundleFolder.Write(bundle, folder);
            BundleFolder.Write(bundle, folder);
            Bundle read = BundleFolder.Read(folder);
            Assert.Equal(bundle.Files.Keys, read.Files.Keys);
            Assert.All(bundle.Files, file => Assert.Equal(file.Value, read.Files[file.Key]));
            Assert.Equal(bundle.Digest, read.Digest);
            Assert.Single(Directory.GetDirectories(Path.GetTempPath(), Path.GetFileName(folder) + "*"));
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    [Fact]
    public void A_folder_that_is_no_bundle_is_left_alone()
    {
        DirectoryInfo folder = Directory.CreateTempSubdirectory("weir-");
        try
        {
            File.WriteAllText(Path.Combine(folder.FullName, "letter.txt"), "mine");
            Assert.Throws<IOException>(() => BundleFolder.Write(Compile(Samples.Topology(1)).Bundle!, folder.FullName));
            Assert.Equal("mine", File.ReadAllText(Path.Combine(folder.FullName, "letter.txt")));
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    [Fact]
    public void Every_changed_byte_of_a_file_is_noticed()
    {
        Bundle bundle = Compile(Samples.Topology(6)).Bundle!;
        foreach ((string path, ImmutableArray<byte> bytes) in bundle.Files.Where(f => f.Key is not (Bundle.ManifestPath or Bundle.ProvenancePath)))
        {
            Bundle changed = new(bundle.Files.SetItem(path, bytes.SetItem(bytes.Length / 2, (byte)(bytes[bytes.Length / 2] ^ 1))));
            Assert.Contains(BundleReader.Read(changed).Problems, p => p.StartsWith(path, StringComparison.Ordinal));
            Assert.NotEqual(bundle.Digest, changed.Digest);
            Assert.Contains(BundleReader.Read(new Bundle(bundle.Files.Remove(path))).Problems, p => p.StartsWith(path, StringComparison.Ordinal));
            Assert.NotEmpty(BundleReader.Read(new Bundle(bundle.Files.SetItem(path, bytes.RemoveAt(bytes.Length - 1)))).Problems);
        }

        Assert.Contains(BundleReader.Read(new Bundle(bundle.Files.Add("maps/more.img", [1]))).Problems, p => p.Contains("maps/more.img", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("\"schema\": 1", "\"schema\": 2", "schema 2")]
    [InlineData("\"unmatched\": \"pass\"", "\"unmatched\": \"maybe\"", "neither pass nor drop")]
    [InlineData("\"weight\": 100", "\"weight\": 70000", "weight 70000")]
    [InlineData("\"address\": \"10.1.0.0\"", "\"address\": \"10.9.9.9\"", "is not the identity of 10.9.9.9")]
    [InlineData("\"ringBits\": 12", "\"ringBits\": 15", "does not lie within")]
    [InlineData("\"site\":", "\"sight\":", "cannot be read")]
    [InlineData("\"pool\": \"pool-000\"", "\"pool\": \"pool-999\"", "there is no pool pool-999")]
    public void A_manifest_that_contradicts_itself_is_refused(string from, string to, string problem)
    {
        Bundle bundle = Compile(Samples.Topology(6)).Bundle!;
        string manifest = Encoding.UTF8.GetString(bundle.Files[Bundle.ManifestPath].AsSpan());
        Assert.Contains(from, manifest, StringComparison.Ordinal);
        Bundle changed = new(bundle.Files.SetItem(Bundle.ManifestPath, [.. Encoding.UTF8.GetBytes(manifest.Replace(from, to, StringComparison.Ordinal))]));
        Assert.Contains(BundleReader.Read(changed).Problems, p => p.Contains(problem, StringComparison.Ordinal));
    }

    [Fact]
    public void Provenance_names_commit_and_lines_and_is_in_no_digest()
    {
        Topology topology = Samples.Topology(2);
        Bundle bundle = SiteCompilation.Compile(topology, "ams1", null).Bundle!;
        Bundle other = SiteCompilation.Compile(topology, "ams1", "0123456789abcdef").Bundle!;
        Assert.Equal(bundle.Digest, other.Digest);
        string provenance = Encoding.UTF8.GetString(other.Files[Bundle.ProvenancePath].AsSpan());
        Assert.Contains("\"commit\": \"0123456789abcdef\"", provenance, StringComparison.Ordinal);
        string[] source = Encoding.UTF8.GetString(other.Files[Bundle.ProgramPath].AsSpan()).Split('\n');
        Provenance read = System.Text.Json.JsonSerializer.Deserialize(provenance, ProvenanceJson.Default.Provenance)!;
        Assert.Contains(read.Lines, l => l.Name == "vips.vip-0001");
        Assert.All(read.Lines, l => Assert.Contains(l.Name, source[l.Line - 1], StringComparison.Ordinal));
    }

    private static SiteCompilation Compile(Topology topology) => SiteCompilation.Compile(topology, "ams1", null);

    private static void AssertEqual(SitePlan expected, SitePlan actual)
    {
        Assert.Equal(expected with { Encapsulations = [], Pools = [], Vips = [] }, actual with { Encapsulations = [], Pools = [], Vips = [] });
        Assert.Equal(expected.Encapsulations, actual.Encapsulations);
        Assert.Equal(expected.Pools.Length, actual.Pools.Length);
        foreach ((PoolPlan a, PoolPlan b) in expected.Pools.Zip(actual.Pools))
        {
            Assert.Equal((a.Name, a.Capacity, a.Quality), (b.Name, b.Capacity, b.Quality));
            Assert.Equal(a.Backends, b.Backends);
            Assert.Equal(a.Ring, b.Ring);
        }

        foreach ((VipPlan a, VipPlan b) in expected.Vips.Zip(actual.Vips))
        {
            Assert.Equal((a.Name, a.Pool), (b.Name, b.Pool));
            Assert.Equal(a.Addresses, b.Addresses);
            Assert.Equal(a.Ports, b.Ports);
            Assert.Equal(a.Ranges, b.Ranges);
        }
    }
}
