using System.Collections.Immutable;
using Weir.Compiler.Topologies;

namespace Weir.Compiler.Lowering;

/// <summary>The bytes of <c>.data.source</c>: every family of which there are several outer sources.</summary>
internal static class SourceImage
{
    public static byte[] Of(DataPlane dataPlane)
    {
        if (Layouts.Sources(dataPlane.Sizes) is not { } layout)
        {
            return [];
        }

        var bytes = new byte[layout.Size];
        var whole = new StructImage(bytes, layout);
        if (dataPlane.Sizes.Sources4 > 0)
        {
            Fill(new StructImage(whole.Place(0, layout["v4"]), Layouts.Source4), dataPlane.SourcesV4);
        }

        if (dataPlane.Sizes.Sources6 > 0)
        {
            Fill(new StructImage(whole.Place(0, layout["v6"]), Layouts.Source6), dataPlane.SourcesV6);
        }

        return bytes;
    }

    private static void Fill(StructImage rows, ImmutableArray<OuterSource> sources)
    {
        for (int row = 0; row < sources.Length; row++)
        {
            rows.SetBytes(row, "address", sources[row].Address.GetAddressBytes());
            rows.Set(row, "entropy", OuterSources.Entropy(sources[row]));
        }
    }
}
