using System.Collections.Immutable;
using System.Net;
using Weir.Applier.Generations;
using Weir.Applier.Keys;
using Weir.Applier.Network;
using Weir.Applier.Proof;
using Weir.Applier.State;
using Weir.Compiler.Emit;
using Weir.Compiler.Model;
using Weir.Compiler.Planning;

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
    HostKeys Keys,
    TimeProvider Time,
    ApplyProgress Progress,
    CancellationToken Cancellation)
{
    /// <summary>MACs of backends on the host's own link, by address, as words of <c>.data.link</c>; 0 where nobody answers.</summary>
    public ImmutableSortedDictionary<string, ulong> Links { get; init; } = ImmutableSortedDictionary<string, ulong>.Empty;

    /// <summary>What this host's NAT takes sources from; null where nothing is reached by NAT.</summary>
    public HostNatSources? NatSources { get; init; }

    /// <summary>Whether the generation before took its sources from the same addresses: a connection's row is its source, and means nothing under others.</summary>
    public bool KeepsNatSources => NatSources is null || Last?.NatSources?.SequenceEqual(NatSources.Texts, StringComparer.Ordinal) == true;

    public int Next => Math.Max(State.Current ?? 0, State.Numbers.DefaultIfEmpty(0).Last()) + 1;

    /// <summary>An instance that answers every packet that is too big, since the model knows no clock.</summary>
    public Instance LoadShadow(InstanceLoader loader, ImmutableSortedDictionary<string, byte[]> images) =>
        loader.Load(images, NextHops, uint.MaxValue, NatSources);

    /// <summary>Asks the reference model while clang and the kernel are at work.</summary>
    public Task<ImmutableArray<ProofCase>> PrepareProof() => Task.Run(
        () => ShadowProof.Prepare(
            new PacketModel(Bundle.Plan, new HostState(SiteData.Mac(NextHops.V4), SiteData.Mac(NextHops.V6))
            {
                Ciphers = Keys.Ciphers,
                NatSources = NatSources,
                Links = Links.Where(link => link.Value != 0).ToImmutableDictionary(link => IPAddress.Parse(link.Key), link => SiteData.Mac(link.Value)!),
            }),
            ProofPackets.For(Bundle.Plan, Keys.Ciphers),
            Cancellation),
        Cancellation);

    /// <returns>How many packets it was proven on.</returns>
    public int Prove(Instance shadow, Task<ImmutableArray<ProofCase>> prepared) =>
        ShadowProof.Run(shadow.Program, prepared.GetAwaiter().GetResult(), Cancellation);

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
            values)
        {
            Links = Links.IsEmpty ? null : Links,
            NatHost = NatSources?.Host,
            NatSources = NatSources?.Texts,
        };
}
