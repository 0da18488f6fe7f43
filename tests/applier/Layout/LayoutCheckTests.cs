using System.Collections.Immutable;
using Weir.Applier.Build;
using Weir.Applier.Layout;
using Weir.Applier.Libbpf;
using Weir.Compiler.Emit;
using Xunit;

namespace Weir.Applier.Tests.Layout;

public sealed class LayoutCheckTests
{
    private const string Program = """
        #include "weir/layout.h"

        struct weir_site site SEC(".data.site");
        struct weir_counter counters[WEIR_CPUS] SEC(".bss.counters");

        SEC("xdp")
        int lb(struct xdp_md *ctx)
        {
            counters[bpf_get_smp_processor_id() & (WEIR_CPUS - 1)].packets += site.icmp_limit;
            return XDP_PASS;
        }

        char _license[] SEC("license") = "GPL";
        """;

    private static readonly ManifestStruct s_site = new("weir_site", 24, [new("next_hop4", 0, 8), new("next_hop6", 8, 8), new("icmp_limit", 16, 4), new("ahead", 20, 4)]);

    private static readonly ManifestStruct s_counter = new("weir_counter", 16, [new("packets", 0, 8), new("bytes", 8, 8)]);

    private static readonly ImmutableArray<ManifestMap> s_maps = [new(".bss.counters", 16, "runtime", null, null), new(".data.site", 24, "runtime", null, null)];

    [Fact]
    public async Task A_bundle_and_its_object_agree() => Assert.Empty(await CompareAsync(Describe(s_maps, s_counter, s_site)));

    [Fact]
    public async Task Every_difference_is_named()
    {
        ManifestStruct site = s_site with { Size = 32, Members = [new("next_hop4", 8, 8), new("next_hop6", 8, 4), new("icmp_limit", 16, 4), new("speed", 20, 4)] };
        ImmutableArray<ManifestMap> maps = [new(".bss.counters", 32, "runtime", null, null), new(".data.ring8", 6, "population", "maps/ring8.img", "")];

        ImmutableArray<string> differences = await CompareAsync(Describe(maps, site, new ManifestStruct("weir_vip9", 8, [])) with { Program = new("ld", "lb.bpf.c", "") });

        Assert.Equal(
            [
                "struct weir_site: bytes 32 in the manifest, 24 in the object",
                "weir_site.next_hop4: offset 8 in the manifest, 0 in the object",
                "weir_site.next_hop6: bytes 4 in the manifest, 8 in the object",
                "weir_site.speed: not in the object",
                "weir_site.ahead: not in the manifest",
                "struct weir_vip9: not in the object",
                "section .bss.counters: bytes 128 in the manifest, 64 in the object",
                "section .bss.counters by its types: bytes 128 in the manifest, 64 in the object",
                "section .data.ring8: not in the object",
                "section .data.site: not in the manifest",
                "program ld: not in the object, which has lb",
            ],
            differences);
    }

    private static async Task<ImmutableArray<string>> CompareAsync(Manifest manifest)
    {
        ObjectBuilder builder = new(await Clang.FindAsync(cancellation: TestContext.Current.CancellationToken));
        BuiltObject built = await builder.BuildAsync(System.Text.Encoding.UTF8.GetBytes(Program), 4, TestContext.Current.CancellationToken);
        using BpfObject obj = BpfObject.Open(built.Elf, "test");
        return LayoutCheck.Compare(manifest, obj, 4);
    }

    private static Manifest Describe(ImmutableArray<ManifestMap> maps, params ImmutableArray<ManifestStruct> layout) => new()
    {
        Schema = 1,
        Weir = "0.1.0",
        Site = "ams1",
        TopologyDigest = "",
        Program = new("lb", "lb.bpf.c", ""),
        TablesDigest = "",
        PopulationDigest = "",
        Traffic = new("0", "0", 1500, "pass", null, null, null, null),
        Maps = maps,
        Layout = layout,
        Pools = [],
        Vips = [],
        Hosts = [],
    };
}
