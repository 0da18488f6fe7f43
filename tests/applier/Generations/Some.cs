using System.Collections.Immutable;
using System.Globalization;
using Weir.Compiler.Emit;

namespace Weir.Applier.Tests.Generations;

/// <summary>Manifests for tests that need no more of a bundle.</summary>
internal static class Some
{
    public static ManifestBackend Backend(ulong identity) => new(
        identity.ToString("x16", CultureInfo.InvariantCulture), $"b{identity}", $"10.0.{identity >> 8}.{identity & 0xff}", 100, "active");

    public static ManifestPool Pool(string name, int capacity, IEnumerable<ulong> identities, int entryBytes = 1, int ringOffset = 0, int ringBits = 12, int backendOffset = 0) =>
        new(name, capacity, entryBytes == 1 ? ".data.ring8" : ".data.ring16", ringOffset, ringBits, entryBytes, backendOffset, 0, 0,
            [.. identities.Order().Select(Backend)]);

    public static Manifest Manifest(params ImmutableArray<ManifestPool> pools) => new()
    {
        Schema = 1,
        Weir = "0.1.0",
        Site = "here",
        TopologyDigest = "t",
        Program = new("weir_lb", "lb.bpf.c", "p"),
        TablesDigest = "tables",
        PopulationDigest = "population",
        Traffic = new("0", "0", 1500, "pass", null, null, new("10.0.0.1", null), null),
        Maps = [],
        Layout = [new("weir_backend4", 8, [])],
        Pools = pools,
        Vips = [],
        Hosts = [],
    };
}
