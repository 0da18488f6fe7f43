using System.Buffers.Binary;
using System.Diagnostics;
using System.Net.NetworkInformation;
using System.Text;
using System.Text.Json;
using Weir.Applier.Build;
using Weir.Applier.Keys;
using Weir.Applier.Libbpf;
using Weir.Compiler.Emit;
using Weir.Compiler.Lowering;

namespace Weir.Benchmarks;

/// <summary>A site's program in the kernel, attached to nothing, its maps filled.</summary>
/// <param name="MapBytes">All data sections together.</param>
/// <param name="LoadAgain">Loads and drops another instance, and says how long the loading took.</param>
internal sealed record LoadedProgram(BpfProgram Program, long MapBytes, Func<TimeSpan> LoadAgain) : IDisposable
{
    private const string SiteSection = ".data.site";
    private const int SiteBytes = 24;

    public static Task<LoadedProgram> LoadAsync(
        DataPlane lowered, ObjectBuilder builder, CancellationToken cancellation, HostKeys? keys = null, params IEnumerable<(string Section, byte[] Bytes)> runtime) => LoadAsync(
        Encoding.UTF8.GetBytes(ProgramEmitter.Emit(lowered)),
        ProgramText.FunctionName(lowered.Plan.Site),
        lowered.Images.Select(image => (image.Section, image.Bytes.ToArray())).Concat(runtime),
        builder,
        keys ?? HostKeys.None,
        cancellation);

    /// <param name="bundle">The folder that <c>weir build</c> wrote.</param>
    public static async Task<LoadedProgram> LoadAsync(string bundle, ObjectBuilder builder, CancellationToken cancellation)
    {
        byte[] json = await File.ReadAllBytesAsync(Path.Combine(bundle, "manifest.json"), cancellation);
        Manifest manifest = JsonSerializer.Deserialize(json, ManifestJson.Default.Manifest)!;
        return await LoadAsync(
            await File.ReadAllBytesAsync(Path.Combine(bundle, manifest.Program.Source), cancellation),
            manifest.Program.Function,
            manifest.Maps.Where(map => map.Image is not null).Select(map => (map.Section, File.ReadAllBytes(Path.Combine(bundle, map.Image!)))),
            builder,
            HostKeys.None,
            cancellation);
    }

    public void Dispose() => Program.Dispose();

    private static async Task<LoadedProgram> LoadAsync(
        byte[] source, string function, IEnumerable<(string Section, byte[] Bytes)> sections, ObjectBuilder builder, HostKeys keys, CancellationToken cancellation)
    {
        BuiltObject built = await builder.BuildAsync(source, PossibleCpus.Capacity, cancellation);
        (string Section, byte[] Bytes)[] images = [.. sections, (SiteSection, Site())];
        using BpfObject loaded = Load(built.Elf, images, keys);
        return new LoadedProgram(loaded.Program(function), loaded.Maps.Sum(map => (long)map.ValueSize), () =>
        {
            long began = Stopwatch.GetTimestamp();
            using BpfObject again = Load(built.Elf, images, keys);
            return Stopwatch.GetElapsedTime(began);
        });
    }

    private static BpfObject Load(byte[] elf, (string Section, byte[] Bytes)[] images, HostKeys keys)
    {
        BpfObject opened = BpfObject.Open(elf, "lb");
        foreach ((string section, byte[] bytes) in images)
        {
            opened.SetInitialValue(section, bytes);
        }

        opened.Load();
        keys.Give(opened);
        return opened;
    }

    // struct weir_site with a next hop per family: MAC in bytes 0 to 5, bit 48: valid.
    private static byte[] Site()
    {
        byte[] site = new byte[SiteBytes];
        foreach (int at in (int[])[0, 8])
        {
            BinaryPrimitives.WriteUInt64LittleEndian(site.AsSpan(at), 1UL << 48);
            PhysicalAddress.Parse(BenchTopology.NextHop).GetAddressBytes().CopyTo(site, at);
        }

        return site;
    }
}
