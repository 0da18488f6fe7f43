using Weir.Compiler.Emit;

namespace Weir.Applier.Generations;

/// <summary>How another bundle reaches a host, and why that way.</summary>
/// <param name="Reason">A sentence's end for a person: <c>backends, weights or rings changed</c>.</param>
public sealed record Classification(ChangeKind Kind, string Reason)
{
    /// <summary>Compares by the digests that the manifests carry.</summary>
    /// <param name="live">Manifest of the live generation; null when there is none.</param>
    /// <param name="sameBundle">Whether the bundles' digests are equal.</param>
    /// <param name="sameObject">False when the caller brings an object file and it is not the live one.</param>
    public static Classification Of(Manifest? live, Manifest next, bool sameBundle, bool sameObject)
    {
        if (live is null)
        {
            return new(ChangeKind.Program, "nothing of ours runs on the interface yet");
        }

        if (live.Program.Digest != next.Program.Digest)
        {
            return new(ChangeKind.Program, "the generated program changed");
        }

        if (!sameObject)
        {
            return new(ChangeKind.Program, "the object file is not the one that runs");
        }

        if (live.TablesDigest != next.TablesDigest)
        {
            return new(ChangeKind.Tables, "VIPs, ports, outer sources or server ids in the tables changed");
        }

        if (!live.KeyFiles.SequenceEqual(next.KeyFiles, StringComparer.Ordinal))
        {
            return new(ChangeKind.Tables, "connection ids have other key files");
        }

        if (!SamePlaces(live, next))
        {
            return new(ChangeKind.Tables, "pools moved within the maps");
        }

        if (live.PopulationDigest != next.PopulationDigest)
        {
            return new(ChangeKind.Population, "backends, weights or rings changed");
        }

        if (live.Traffic.NextHopV4 != next.Traffic.NextHopV4 || live.Traffic.NextHopV6 != next.Traffic.NextHopV6)
        {
            return new(ChangeKind.Population, "the next hop changed");
        }

        return sameBundle
            ? new(ChangeKind.None, "the same bundle is live")
            : new(ChangeKind.Population, "only names and notes changed");
    }

    private static bool SamePlaces(Manifest live, Manifest next) =>
        live.Maps.Select(map => (map.Section, map.Size)).SequenceEqual(next.Maps.Select(map => (map.Section, map.Size)))
        && live.Pools.Select(Place).SequenceEqual(next.Pools.Select(Place));

    private static (int, string, int, int, int, int) Place(ManifestPool pool) =>
        (pool.Capacity, pool.RingMap, pool.RingOffset, pool.RingBits, pool.EntryBytes, pool.BackendOffset);
}
