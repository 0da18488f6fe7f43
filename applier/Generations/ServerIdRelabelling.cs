using System.Buffers.Binary;
using System.Collections.Immutable;
using System.Globalization;
using Weir.Compiler.Emit;

namespace Weir.Applier.Generations;

/// <summary>Puts the host's ids of backends into the table of server ids.</summary>
internal static class ServerIdRelabelling
{
    private const string Section = ".data.server";

    /// <param name="images">Bytes by section; the table is changed where there is one.</param>
    /// <param name="ids">By pool number.</param>
    /// <exception cref="ApplierException">A row names a pool or backend that the bundle does not have.</exception>
    public static void Relabel(Manifest manifest, IReadOnlyDictionary<string, byte[]> images, ImmutableArray<PoolIds> ids)
    {
        if (!images.TryGetValue(Section, out byte[]? image))
        {
            return;
        }

        ManifestMember rows = Member(manifest, "weir_servers", "rows");
        int rowBytes = manifest.Layout.Single(layout => layout.Name == "weir_server").Size;
        int poolAt = Member(manifest, "weir_server", "pool").Offset;
        int backendAt = Member(manifest, "weir_server", "backend").Offset;
        for (int at = rows.Offset; at < rows.Offset + rows.Size; at += rowBytes)
        {
            uint pool = BinaryPrimitives.ReadUInt32LittleEndian(image.AsSpan(at + poolAt));
            uint dense = BinaryPrimitives.ReadUInt32LittleEndian(image.AsSpan(at + backendAt));
            if (pool >= manifest.Pools.Length || dense >= manifest.Pools[(int)pool].Backends.Length)
            {
                throw ApplierException.Failed(string.Create(
                    CultureInfo.InvariantCulture, $"The table of server ids names backend {dense} of pool {pool}, which is none. The bundle contradicts itself: build it again."));
            }

            int id = ids[(int)pool].Ids[manifest.Pools[(int)pool].Backends[(int)dense].Identity];
            BinaryPrimitives.WriteUInt32LittleEndian(image.AsSpan(at + backendAt), (uint)id);
        }
    }

    private static ManifestMember Member(Manifest manifest, string structure, string member) =>
        manifest.Layout.Single(layout => layout.Name == structure).Members.Single(m => m.Name == member);
}
