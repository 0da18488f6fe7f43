using System.Collections.Immutable;
using System.Security.Cryptography;
using Weir.Applier.Generations;
using Weir.Applier.Keys;
using Weir.Applier.Libbpf;
using Weir.Applier.Network;
using Weir.Applier.State;

namespace Weir.Applier.Apply;

/// <summary>Brings bundles onto interfaces, as often as asked, in one process. Everything is done on the calling thread, so that
/// its network namespace is the one that counts.</summary>
/// <param name="paths">State directory and bpffs.</param>
/// <param name="step">Told of each finished step.</param>
/// <param name="reached">Told of each instant.</param>
public sealed class ApplySession(
    ApplierPaths paths, TimeProvider? time = null, Action<ApplyStep>? step = null, Action<ApplyPoint>? reached = null)
{
    private readonly TimeProvider time = time ?? TimeProvider.System;

    /// <summary>Makes a bundle live on an interface, by the least that its difference to the live generation needs.
    /// Whatever fails, what ran before goes on running.</summary>
    /// <exception cref="ApplierException">With the exit code and a sentence for a person.</exception>
    public ApplyOutcome Apply(ApplyRequest request, CancellationToken cancellation = default) =>
        Explained.Run(() => Run(request, cancellation));

    private ApplyOutcome Run(ApplyRequest request, CancellationToken cancellation)
    {
        ApplyProgress progress = new(time, step, reached);

        // Meanwhile: reading needs nothing of the network namespace or the lock.
        Task<HostBundle> reading = Task.Run(() => HostBundle.Read(request.Bundle), cancellation);
        paths.RequireBpfFileSystem();
        HostInterface on = HostInterface.Find(request.Interface)
            ?? throw ApplierException.Failed($"There is no interface {request.Interface} in this network namespace.");
        using StateLock held = StateLock.Take(paths.State);
        InterfaceState state = InterfaceState.Open(paths.State, request.Interface);
        Pins pins = new(paths.BpfFileSystem, request.Interface);
        using LiveState live = LiveState.Find(pins, on.Index);
        request.Reviewed?.RequireHead(reading.GetAwaiter().GetResult().Digest);

        // What an interrupted apply had begun decides what is live.
        string? recovered = Recovery.Run(state, pins, live);
        HostBundle bundle = reading.GetAwaiter().GetResult();
        progress.Finish(ApplyPoint.Read, $"{bundle.Digest[..12]}, site {bundle.Manifest.Site}");

        GenerationRecord? last = state.Current is int current ? state.Record(current) : null;
        bool ours = live.Instance is int running && last?.Instance == running && File.Exists(state.ObjectPath(running));
        request.Reviewed?.RequireBase(ours ? last!.BundleDigest : null);
        CheckMode(request, live);
        using HostKeys keys = HostKeys.Of(bundle.Plan);
        ApplyWork work = new(
            request,
            paths,
            on,
            state,
            pins,
            live,
            bundle,
            last,
            ours ? state.Manifest(last!.Number) : null,
            NextHops.Resolve(bundle.Plan, on, time, cancellation),
            keys,
            time,
            progress,
            cancellation)
        {
            NatSources = NatHost.Of(bundle.Plan, request.Host),
            Links = Links.Resolve(bundle.Plan, on, last?.Links ?? ImmutableSortedDictionary<string, ulong>.Empty, time, cancellation),
        };
        Classification change = Classification.Of(work.LiveManifest, bundle.Manifest, last?.BundleDigest == bundle.Digest, SameObject(work));
        if (change.Kind is ChangeKind.None or ChangeKind.Population && !work.KeepsNatSources)
        {
            change = new(ChangeKind.Tables, "this host has other NAT sources, so that its connections through NAT end");
        }

        return Change(work, change) with { Recovered = recovered };
    }

    private static ApplyOutcome Change(ApplyWork work, Classification change)
    {
        if (change.Kind is ChangeKind.None or ChangeKind.Population)
        {
            using Instance? live = Instance.OpenPinned(work.Pins, work.Last!.Instance, work.Bundle.Manifest.Maps.Select(map => map.Section));
            switch (live is null ? null : PopulationChange.Plan(work, live))
            {
                case { Stores.Length: 0 } when change.Kind == ChangeKind.None:
                    return Outcome(work, change, work.Last, live!.Program.Info, 0, 0);

                case { } plan:
                    string reason = change.Kind != ChangeKind.None ? change.Reason
                        : plan.Stores.All(store => store.Phase == StorePhase.Site) ? "the next hop has another MAC"
                        : "the live maps hold something else than was written";
                    (GenerationRecord record, int packets) = PopulationChange.Run(work, live!, plan, reason);
                    return Outcome(work, new(ChangeKind.Population, reason), record, live!.Program.Info, plan.Stores.Length, packets);

                default:
                    change = live is null
                        ? new(ChangeKind.Tables, "pins of the live maps are missing")
                        : new(ChangeKind.Tables, "a backend's row in use would change");
                    break;
            }
        }

        (GenerationRecord swapped, int proven, BpfProgramInfo program) = Swap.Run(work, change.Kind, change.Reason);
        return Outcome(work, change, swapped, program, 0, proven);
    }

    private static ApplyOutcome Outcome(ApplyWork work, Classification change, GenerationRecord record, BpfProgramInfo program, int stores, int packets) =>
        new(
            ApplyOutcome.CurrentSchema,
            work.Request.Interface,
            record.Site,
            record.BundleDigest,
            change.Kind,
            change.Reason,
            record.Number,
            work.LiveManifest is null ? null : work.Last!.Number,
            record.Instance,
            record.Mode,
            new ApplyProgram(program.Id, program.Tag, program.Instructions, program.JitedBytes),
            stores,
            packets,
            null,
            work.Progress.Steps,
            work.Progress.Milliseconds);

    private static void CheckMode(ApplyRequest request, LiveState live)
    {
        if (request.Mode is { } mode && live.Link is not null && live.Mode != mode)
        {
            string name = live.Mode.ToString().ToLowerInvariant();
            throw ApplierException.Failed(
                $"{request.Interface} is attached in {name} mode, and a link keeps its mode. Leave --mode out, or `weir-applier detach --interface {request.Interface}` first.");
        }
    }

    private static bool SameObject(ApplyWork work) =>
        work.Request.ObjectFile is not { } file
        || work.Last is null
        || Convert.ToHexStringLower(SHA256.HashData(Swap.ReadObject(file))) == work.Last.ObjectDigest;
}
