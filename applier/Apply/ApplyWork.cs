using System.Collections.Immutable;
using Weir.Applier.Generations;
using Weir.Applier.Network;
using Weir.Applier.Proof;
using Weir.Applier.State;
using Weir.Compiler.Emit;
using Weir.Compiler.Model;

namespace Weir.Applier.Apply;

/// <summary>All that the steps of one apply share.</summary>
/// <param name="Last">The live generation, or the last one there was; null before the first.</param>
/// <param name="LiveManifest">Of <paramref name="Last"/>, when it is live.</param>
internal sealed record ApplyWork(
    ApplyRequest Request,
    ApplierPaths Paths,
    HostInterface Interface,
    InterfaceState State,
    Pins Pins,
    LiveState Live,
    HostBundle Bundle,
    GenerationRecord? Last,
    Manifest? LiveManifest,
    NextHopValues NextHops,
    TimeProvider Time,
    ApplyProgress Progress,
    CancellationToken Cancellation)
{
    public int Next => Math.Max(State.Current ?? 0, State.Numbers.DefaultIfEmpty(0).Last()) + 1;

    /// <summary>An instance that answers every packet that is too big, since the model knows no clock.</summary>
    public Instance LoadShadow(InstanceLoader loader, ImmutableSortedDictionary<string, byte[]> images) =>
        loader.Load(images, NextHops, uint.MaxValue);

    public int Prove(Instance shadow) => ShadowProof.Run(
        shadow.Program,
        new PacketModel(Bundle.Plan, new HostState(SiteData.Mac(NextHops.V4), SiteData.Mac(NextHops.V6))),
        ProofPackets.For(Bundle.Plan),
        Cancellation);

    public GenerationRecord Record(ChangeKind change, string reason, int instance, string objectDigest, Libbpf.XdpMode mode, ImmutableArray<PoolIds> ids, CounterLayout counters, int? baseFrom, CounterBase values) =>
        new(
            GenerationRecord.CurrentSchema,
            Next,
            instance,
            Time.GetUtcNow(),
            change,
            reason,
            Bundle.Manifest.Site,
            Bundle.Digest,
            objectDigest,
            mode,
            ids,
            NextHops,
            counters,
            baseFrom,
            values);
}
