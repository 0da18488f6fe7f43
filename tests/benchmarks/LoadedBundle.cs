using System.Buffers.Binary;
using System.Diagnostics;
using System.Net.NetworkInformation;
using System.Text.Json;
using Weir.Applier.Build;
using Weir.Applier.Libbpf;
using Weir.Compiler.Emit;

namespace Weir.Benchmarks;

/// <summary>A bundle's program in the kernel, attached to nothing, its maps filled from the bundle's images.</summary>
/// <param name="MapBytes">All data sections together.</param>
internal sealed record LoadedBundle(Manifest Manifest, BpfProgram Program, TimeSpan LoadTime, long MapBytes) : IDisposable
{
    public static async Task<LoadedBundle> LoadAsync(string bundle, ObjectBuilder builder, CancellationToken cancellation)
    {
        byte[] json = await File.ReadAllBytesAsync(Path.Combine(bundle, "manifest.json"), cancellation);
        Manifest manifest = JsonSerializer.Deserialize(json, ManifestJson.Default.Manifest)!;
        byte[] source = await File.ReadAllBytesAsync(Path.Combine(bundle, manifest.Program.Source), cancellation);
        BuiltObject built = await builder.BuildAsync(source, PossibleCpus.Capacity, cancellation);

        long began = Stopwatch.GetTimestamp();
        using BpfObject opened = BpfObject.Open(built.Elf, "lb");
        foreach (ManifestMap map in manifest.Maps.Where(map => map.Image is not null))
        {
            opened.SetInitialValue(map.Section, await File.ReadAllBytesAsync(Path.Combine(bundle, map.Image!), cancellation));
        }

        byte[] site = new byte[manifest.Maps.Single(map => map.Section == ".data.site").Size];
        FillNextHop(site, manifest.Traffic.NextHopV4);
        FillNextHop(site.AsSpan(8), manifest.Traffic.NextHopV6);
        opened.SetInitialValue(".data.site", site);
        opened.Load();
        BpfProgram program = opened.Program(manifest.Program.Function);
        return new LoadedBundle(manifest, program, Stopwatch.GetElapsedTime(began), opened.Maps.Sum(map => (long)map.ValueSize));
    }

    public void Dispose() => Program.Dispose();

    // MAC in bytes 0 to 5, bit 48: valid.
    private static void FillNextHop(Span<byte> at, ManifestNextHop? hop)
    {
        BinaryPrimitives.WriteUInt64LittleEndian(at, 1UL << 48);
        PhysicalAddress.Parse(hop?.Mac ?? "02:00:00:00:00:99").GetAddressBytes().CopyTo(at);
    }
}
