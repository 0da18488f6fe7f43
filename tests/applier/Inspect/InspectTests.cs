using System.Text.Json;
using NJsonSchema;
using Weir.Applier.Apply;
using Weir.Applier.Build;
using Weir.Applier.Inspect;
using Weir.Applier.Tests.Apply;
using Weir.Applier.Tests.State;
using Weir.Compiler.Emit;
using Weir.Testing;
using Xunit;

namespace Weir.Applier.Tests.Inspect;

public class InspectTests
{
    private static readonly JsonSerializerOptions s_json = new(JsonSerializerDefaults.Web);

    [Fact]
    public async Task A_bundle_is_built_loaded_and_measured_and_nothing_is_left()
    {
        using ScratchDirectory scratch = new();
        InspectReport report = Inspect(scratch, TestTopology.Of(1, 2).Compile(), measure: true);

        Assert.Null(report.Why);
        Assert.InRange(report.Instructions!.Value, 100, 10_000);
        Assert.InRange(report.VerifiedInstructions!.Value, 100, 1_000_000);
        Assert.NotNull(report.JitedBytes);
        Assert.InRange(report.MapBytes, 4096, 1 << 28);
        Assert.Equal("IPv4 TCP, 64 k flows", report.Traffic[0].Case);
        Assert.Contains(report.Traffic, one => one.Case == "IPv6, no VIP");
        Assert.Equal(report.NsPerPacket, report.Traffic[0].NsPerPacket);
        Assert.Equal(["bundle", "objects"], Directory.GetFileSystemEntries(scratch.Path).Select(path => Path.GetFileName(path)).Order());
        await Matches(report);
    }

    [Fact]
    public async Task What_the_verifier_refuses_is_told_and_what_is_known_is_kept()
    {
        using ScratchDirectory scratch = new();
        InspectReport report = Inspect(
            scratch,
            TestTopology.Of(1, 2).Compile().WithProgram(source => source + "SEC(\"xdp\") int bad(struct xdp_md *ctx) { return *(__u32 *)(long)ctx->data; }\n"),
            measure: true);
        Assert.NotNull(report.Instructions);
        Assert.Null(report.VerifiedInstructions);
        Assert.Null(report.NsPerPacket);
        Assert.Contains("verifier refused", report.Why, StringComparison.Ordinal);
        await Matches(report);
    }

    [Fact]
    public async Task What_clang_refuses_has_only_the_size_of_its_maps()
    {
        using ScratchDirectory scratch = new();
        InspectReport report = Inspect(scratch, TestTopology.Of(1, 2).Compile().WithProgram(source => source + "#error on purpose\n"), measure: false);
        Assert.Equal(((long?)null, (long?)null, (long?)null), (report.Instructions, report.JitedBytes, report.VerifiedInstructions));
        Assert.True(report.MapBytes > 0);
        Assert.NotNull(report.Why);
        await Matches(report);
    }

    private static InspectReport Inspect(ScratchDirectory scratch, Bundle bundle, bool measure)
    {
        string folder = Path.Combine(scratch.Path, "bundle");
        BundleFolder.Write(bundle, folder);
        return new BundleInspection(HostBundle.Read(folder), new ObjectCache(Path.Combine(scratch.Path, "objects"))).Run(measure, TestContext.Current.CancellationToken);
    }

    private static async Task Matches(InspectReport report)
    {
        JsonSchema schema = await JsonSchema.FromFileAsync(Path.Combine(RepositoryRoot.Path, "schemas", "inspect.schema.json"));
        Assert.Empty(schema.Validate(JsonSerializer.Serialize(report, s_json)));
    }
}
