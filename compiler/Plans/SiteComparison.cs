using System.Collections.Immutable;
using Weir.Compiler.Emit;
using Weir.Compiler.Plans.Flows;
using Weir.Compiler.Plans.Objects;
using Weir.Compiler.Topologies;

namespace Weir.Compiler.Plans;

/// <summary>Puts together what becomes of one site.</summary>
internal static class SiteComparison
{
    public static SiteChange Compare(string name, CompiledRevision before, CompiledRevision after, ObjectDiff diff)
    {
        Site? old = before.Topology.Sites.FirstOrDefault(s => s.Name == name);
        Site? now = after.Topology.Sites.FirstOrDefault(s => s.Name == name);
        SiteCompilation? oldRun = before.Sites.GetValueOrDefault(name);
        SiteCompilation? nowRun = after.Sites.GetValueOrDefault(name);
        (ImmutableArray<ObjectChange> objects, int unchanged) = diff.At(name);
        (Vip? Before, Vip? After)[] vips = [.. diff.PairVips(name)];
        long maxFlows = (old ?? now)!.Limits.MaxFlows;
        (ImmutableArray<PoolMove> moves, ImmutableArray<VipTraffic> traffic) = oldRun?.Plan is { } from && nowRun?.Plan is { } to && !ReferenceEquals(from, to)
            ? TrafficDiff.Between(from, to, vips, maxFlows)
            : ([], []);
        (KindOfChange? kind, ImmutableArray<string> reasons) = (oldRun, nowRun) switch
        {
            (_, null) => ((KindOfChange?)null, (ImmutableArray<string>)["nothing of the topology is left to load"]),
            (null, _) => (KindOfChange.Program, ["the site is new"]),
            ({ } o, { } n) => KindReasons.Of(o, n, old!, now!),
        };
        return new SiteChange
        {
            Site = name,
            Action = old is null ? ChangeAction.Add : now is null ? ChangeAction.Remove : objects.IsEmpty && traffic.IsEmpty && kind == KindOfChange.None ? ChangeAction.None : ChangeAction.Change,
            Objects = objects,
            Unchanged = unchanged,
            Kind = kind,
            Reasons = reasons,
            Moves = moves,
            Traffic = traffic,
            MaxFlows = maxFlows,
            MapsBefore = MapsOf(oldRun?.Manifest),
            MapsAfter = MapsOf(nowRun?.Manifest),
            Paths = PathBudgets.Of(before.Topology, old, after.Topology, now),
            BaseDigest = oldRun?.Bundle?.Digest,
            HeadDigest = nowRun?.Bundle?.Digest,
        };
    }

    private static MapBytes? MapsOf(Manifest? manifest) => manifest is null
        ? null
        : new MapBytes(manifest.Maps.Where(m => !IsPerCpu(m)).Sum(m => (long)m.Size), manifest.Maps.Where(IsPerCpu).Sum(m => (long)m.Size));

    private static bool IsPerCpu(ManifestMap map) => map.Section.StartsWith(".bss", StringComparison.Ordinal);
}
