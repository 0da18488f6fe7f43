using System.Collections.Immutable;
using System.Globalization;
using Weir.Applier.Apply;
using Weir.Applier.Generations;
using Weir.Applier.State;
using Weir.Compiler.Emit;

namespace Weir.Applier.Status;

/// <summary>Compares live maps with what was written to them.</summary>
public static class Drift
{
    /// <returns>One sentence per map that differs; none when all is as applied.</returns>
    public static ImmutableArray<string> Find(InterfaceState state, GenerationRecord record, Manifest manifest, Instance instance)
    {
        if (state.Redo() is not null)
        {
            return ["a population change is under way, or was interrupted: apply again to finish it"];
        }

        Dictionary<string, ReadOnlyMemory<byte>> images = manifest.Maps
            .Where(map => map.Image is not null)
            .ToDictionary(map => map.Section, map => (ReadOnlyMemory<byte>)File.ReadAllBytes(Path.Combine(state.BundlePath(record.Number), map.Image!)), StringComparer.Ordinal);
        ImmutableSortedDictionary<string, byte[]> wanted = Relabelling.Relabel(manifest, images, record.Ids)
            .Add(SiteData.Section, SiteData.Bytes(record.NextHops, SiteData.IcmpLimit));
        if (manifest.UsesNat)
        {
            wanted = wanted.Add(NatData.Section, NatData.Bytes(record.Sources));
        }

        return [.. wanted.SelectMany(image => Compare(image.Key, image.Value, instance.Map(image.Key).Bytes))];
    }

    private static IEnumerable<string> Compare(string section, byte[] wanted, ReadOnlySpan<byte> live)
    {
        int first = wanted.AsSpan().CommonPrefixLength(live);
        if (first == wanted.Length)
        {
            return [];
        }

        int different = 0;
        for (int at = first; at < wanted.Length; at++)
        {
            different += wanted[at] == live[at] ? 0 : 1;
        }

        return [string.Create(
            CultureInfo.InvariantCulture,
            $"{section} differs from what was written in {different} bytes, first at offset {first} ({wanted[first]:x2} written, {live[first]:x2} found)")];
    }
}
