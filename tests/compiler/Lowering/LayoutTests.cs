using System.Globalization;
using System.Text;
using Weir.Compiler.Emit;
using Weir.Compiler.Lowering;
using Xunit;

namespace Weir.Compiler.Tests.Lowering;

public sealed class LayoutTests
{
    /// <summary>clang itself says whether each offset and size is the one that images are written with.</summary>
    [Theory]
    [InlineData(0, 0)]
    [InlineData(5, 0)]
    [InlineData(0, 4)]
    [InlineData(9, 7)]
    public async Task Clang_lays_out_every_structure_as_we_do(int vip4Bits, int vip6Bits)
    {
        var sizes = new TableSizes(vip4Bits, vip6Bits, 64, 1, 4096, 0, 33, 3);
        var source = new StringBuilder("#include \"weir/layout.h\"\n");
        foreach (CStruct made in new[] { Layouts.Vips(sizes), Layouts.Counters(sizes) }.OfType<CStruct>())
        {
            source.Append($"struct {made.Name} {{ {string.Concat(made.Members.Select(m => m.Declaration + "; "))}}} __attribute__((aligned({made.Align})));\n");
        }

        foreach (CStruct layout in Layouts.All(sizes, true).Concat(Layouts.All(sizes, false)))
        {
            source.Append($"_Static_assert(sizeof(struct {layout.Name}) == {layout.Size}, \"{layout.Name}\");\n");
            foreach (CMember member in layout.Members)
            {
                source.Append($"_Static_assert(__builtin_offsetof(struct {layout.Name}, {member.Name}) == {member.Offset}, \"{layout.Name}.{member.Name}\");\n");
                source.Append($"_Static_assert(sizeof(((struct {layout.Name} *)0)->{member.Name}) == {member.Size}, \"{layout.Name}.{member.Name}\");\n");
            }
        }

        await Clang.AssertAccepts(source.ToString());
    }

    /// <summary>The generated program declares its sections with the sizes and structures that the manifest states.</summary>
    [Theory]
    [InlineData(1, 1, false, false, 32)]
    [InlineData(4, 2, true, true, 32)]
    [InlineData(30, 3, true, false, 32)]
    [InlineData(30, 3, false, true, 256)]
    public async Task The_program_has_the_manifests_layout(int vips, int pools, bool ipv6, bool backends6, int capacity)
    {
        Bundle bundle = SiteCompilation.Compile(Samples.Topology(vips, pools, 4, ipv6, backends6, capacity), "ams1", null).Bundle!;
        VerifiedBundle read = BundleReader.Read(bundle).Bundle!;
        var source = new StringBuilder(read.Source);
        foreach (ManifestMap map in read.Manifest.Maps)
        {
            (string variable, string perCpu) = map.Section switch
            {
                ".data.vip" => ("vips", ""),
                ".data.service" => ("services", ""),
                ".data.backend" => ("backends", ""),
                ".bss.counters" => ("counters", " * WEIR_CPUS"),
                ".bss.fragments" => ("fragments", " * WEIR_CPUS"),
                ".bss.clock" => ("clocks", " * WEIR_CPUS"),
                ".bss.cipher" => ("ciphers", " * WEIR_CPUS"),
                ".bss.records" => ("records", ""),
                ".bss.uses" => ("uses", " * WEIR_CPUS"),
                ".data.slot" => ("slots", ""),
                ".data.region" => ("regions", ""),
                ".bss.nat" => ("nat_rows", ""),
                ".bss.limits" => ("limits", " * WEIR_CPUS"),
                _ => (map.Section[".data.".Length..], ""),
            };
            source.Append(CultureInfo.InvariantCulture, $"_Static_assert(sizeof({variable}) == {map.Size}{perCpu}, \"{map.Section}\");\n");
        }

        foreach (ManifestStruct layout in read.Manifest.Layout)
        {
            source.Append(CultureInfo.InvariantCulture, $"_Static_assert(sizeof(struct {layout.Name}) == {layout.Size}, \"{layout.Name}\");\n");
            foreach (ManifestMember member in layout.Members)
            {
                source.Append(CultureInfo.InvariantCulture, $"_Static_assert(__builtin_offsetof(struct {layout.Name}, {member.Name}) == {member.Offset}, \"{layout.Name}.{member.Name}\");\n");
            }
        }

        Assert.Equal(vips > 4, read.Manifest.Maps.Any(m => m.Section == ".data.vip"));
        Assert.Equal(capacity > 128, read.Manifest.Maps.Any(m => m.Section == ".data.ring16"));
        await Clang.AssertAccepts(source.ToString());
    }
}
