using System.Collections.Immutable;
using System.Globalization;
using Weir.Applier.Generations;
using Weir.Applier.Libbpf;
using Weir.Applier.Proof;
using Weir.Applier.State;

namespace Weir.Applier.Apply;

/// <summary>A change by stores into the live maps: proven on a shadow first, journaled, stored in make-before-break order, read back.</summary>
internal static class PopulationChange
{
    /// <summary>What to store to get from what the live maps hold to a bundle.</summary>
    /// <returns>Null when stores cannot do it: a row in use would have to be rewritten.</returns>
    public static PlannedStores? Plan(ApplyWork work, Instance live)
    {
        HostBundle bundle = work.Bundle;
        ImmutableArray<PoolIds> ids = IdAssignment.ForLiveMaps(bundle.Manifest.Pools, work.Last!.Ids);
        ImmutableSortedDictionary<string, byte[]> images = Links.With(Relabelling.Relabel(bundle.Manifest, bundle.Images, ids), work, ids);
        string[] sections = [.. bundle.PopulationSections];
        Dictionary<string, byte[]> wanted = sections.ToDictionary(section => section, section => images[section], StringComparer.Ordinal);
        ImmutableArray<Store>? stores = StorePlan.Between(live.Copy(sections), wanted, Relabelling.BackendRowBytes(bundle.Manifest));
        (ImmutableArray<Store> first, ImmutableArray<Store> last) = Links.Stores(work, live, ids);
        return stores is { } planned
            ? new PlannedStores(ids, images, [.. SiteStores(live.Map(SiteData.Section), work.NextHops), .. first, .. planned, .. last])
            : null;
    }

    /// <summary>Carries a plan out.</summary>
    /// <returns>The new generation and the packets it was proven on.</returns>
    public static (GenerationRecord Record, int Packets) Run(ApplyWork work, Instance live, PlannedStores plan, string reason)
    {
        GenerationRecord last = work.Last!;
        Task<ImmutableArray<ProofCase>> proof = work.PrepareProof();
        byte[] elf = File.ReadAllBytes(work.State.ObjectPath(last.Instance));
        work.Progress.Finish(ApplyPoint.Built, "the object that runs");
        work.Cancellation.ThrowIfCancellationRequested();

        int packets;
        using (Instance shadow = work.LoadShadow(new InstanceLoader(elf, work.Bundle, work.Keys), plan.Images))
        {
            work.Progress.Finish(ApplyPoint.Loaded, "a shadow with the new images");
            packets = work.Prove(shadow, proof);
        }

        work.Progress.Finish(ApplyPoint.Proven, string.Create(CultureInfo.InvariantCulture, $"{packets} packets as the reference model says"));
        CounterBase values = new Counters(live.Map(Counters.Section), last.Counters)
            .Continue(work.Bundle.Manifest, plan.Ids, work.LiveManifest!, last);
        GenerationRecord record = work.Record(
            ChangeKind.Population, reason, last.Instance, last.ObjectDigest, last.Mode, plan.Ids, last.Counters, null, values);
        work.State.Add(record, work.Bundle.Files, program: null);
        work.Progress.Reach(ApplyPoint.Recorded);
        try
        {
            work.State.WriteRedo(new RedoJournal(record.Number, record.Instance, plan.Stores));
        }
        catch
        {
            work.State.RemoveRedo();
            work.State.Forget(record.Number);
            throw;
        }

        // From here on the change happens, now or when somebody starts next.
        work.Progress.Reach(ApplyPoint.Journaled);
        StoreRun.Execute(live, plan.Stores, phase => work.Progress.Reach(phase switch
        {
            StorePhase.Site => ApplyPoint.StoringSite,
            StorePhase.NewRows => ApplyPoint.StoringRows,
            StorePhase.Ring => ApplyPoint.StoringRing,
            _ => ApplyPoint.StoringFreed,
        }));
        StoreRun.Compare(live, plan.Stores);
        work.Progress.Reach(ApplyPoint.Stored);
        work.State.MakeCurrent(record.Number);
        work.Progress.Reach(ApplyPoint.Current);
        work.State.RemoveRedo();
        work.State.Prune(record.Number, record.Instance);
        work.Progress.Finish(ApplyPoint.Live, string.Create(CultureInfo.InvariantCulture, $"{plan.Stores.Length} stores"));
        return (record, packets);
    }

    private static IEnumerable<Store> SiteStores(MapMapping site, NextHopValues wanted)
    {
        (int Offset, ulong Value)[] words = [(SiteData.NextHopV4, wanted.V4), (SiteData.NextHopV6, wanted.V6)];
        return words
            .Select(word => new Store(SiteData.Section, StorePhase.Site, word.Offset, 8, site.Load64(word.Offset), word.Value))
            .Where(store => store.Old != store.New);
    }
}

/// <param name="Ids">Of the new generation.</param>
/// <param name="Images">Of the new generation, all of them.</param>
internal sealed record PlannedStores(ImmutableArray<PoolIds> Ids, ImmutableSortedDictionary<string, byte[]> Images, ImmutableArray<Store> Stores);
