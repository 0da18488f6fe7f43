using System.Collections.Immutable;
using System.Globalization;
using Weir.Applier.Apply;
using Weir.Applier.Generations;
using Weir.Applier.Libbpf;
using Weir.Applier.Network;
using Weir.Applier.State;
using Weir.Compiler.Emit;
using Weir.Compiler.Lowering;
using Weir.Compiler.Model;
using Weir.Compiler.Topologies;

namespace Weir.Applier.Status;

/// <summary>Reads the state directory, the pins and the live maps. Changes nothing and waits for nobody.</summary>
public static class StatusReader
{
    public static StatusReport Read(ApplierPaths paths) =>
        new(StatusReport.CurrentSchema, [.. InterfaceState.Interfaces(paths.State).Select(name => Read(paths, name))]);

    public static InterfaceStatus Read(ApplierPaths paths, string interfaceName)
    {
        InterfaceState state = InterfaceState.Open(paths.State, interfaceName);
        Pins pins = new(paths.BpfFileSystem, interfaceName);
        if (HostInterface.Find(interfaceName) is not { } on)
        {
            return Detached(interfaceName, "there is no such interface in this network namespace");
        }

        try
        {
            using LiveState live = LiveState.Find(pins, on.Index);
            return Read(state, pins, live, interfaceName);
        }
        catch (ApplierException error)
        {
            return Detached(interfaceName, error.Message);
        }
    }

    private static InterfaceStatus Read(InterfaceState state, Pins pins, LiveState live, string interfaceName)
    {
        if (live.Link is null)
        {
            return Detached(interfaceName, "nothing is attached");
        }

        GenerationRecord? record = Current(state, live);
        if (record is null)
        {
            return new(interfaceName, InterfaceCondition.Drifted, Stranger(live), null);
        }

        Manifest manifest = state.Manifest(record.Number);
        using Instance? instance = live.Instance == record.Instance
            ? Instance.OpenPinned(pins, record.Instance, manifest.Maps.Select(map => map.Section))
            : null;
        if (instance is null)
        {
            string detail = live.Instance == record.Instance ? "pins of the live maps are missing" : Stranger(live);
            return new(interfaceName, InterfaceCondition.Drifted, detail, null);
        }

        ImmutableArray<string> drift = Drift.Find(state, record, manifest, instance);
        InterfaceCondition condition = drift.Length == 0 ? InterfaceCondition.Live : InterfaceCondition.Drifted;
        return new(interfaceName, condition, string.Join("; ", drift), Describe(record, manifest, instance, drift));
    }

    /// <summary>The generation that <c>current</c> names, or the one a swap under way has just linked.</summary>
    private static GenerationRecord? Current(InterfaceState state, LiveState live)
    {
        GenerationRecord? current = state.Current is int number ? state.Record(number) : null;
        return current?.Instance != live.Instance && live.Instance is int linked && state.Record(linked) is { } next ? next : current;
    }

    private static LiveStatus Describe(GenerationRecord record, Manifest manifest, Instance instance, ImmutableArray<string> drift)
    {
        CounterBase totals = new Counters(instance.Map(Counters.Section), record.Counters).Totals(manifest, record);
        Totals total = new(totals);
        BpfProgramInfo program = instance.Program.Info;
        return new LiveStatus(
            record.Number,
            record.Created,
            record.Change,
            record.Reason,
            record.Instance,
            record.Site,
            record.BundleDigest,
            record.Mode,
            new ProgramStatus(program.Id, program.Tag, program.Name, program.Instructions, program.JitedBytes),
            [.. Hop("ipv4", manifest.Traffic.NextHopV4, record.NextHops.V4), .. Hop("ipv6", manifest.Traffic.NextHopV6, record.NextHops.V6)],
            [.. manifest.Vips.Select(vip => Describe(vip, total.Vip(vip.Name)))],
            [.. manifest.Pools.Zip(record.Ids).SelectMany(pair => pair.First.Backends.Select(backend => Describe(
                pair.First.Name, backend, pair.Second.Ids[backend.Identity], total.Backend(pair.First.Name, backend.Identity))))],
            [.. ReasonNames.All.Select(reason => new ReasonStatus(reason.Name(), total.Reason(reason.Name()).Packets))],
            drift)
        {
            Links = record.Links?.Select(link => new LinkStatus(link.Key, AddressText.OfMac(SiteData.Mac(link.Value)))).ToArray(),
            Nat = manifest.UsesNat && record.Sources is { } sources
                ? NatUse.Read(instance.Map(NatRows.Section).Bytes, record.NatHost, sources.Texts, sources.Addresses, NatUse.Now)
                : null,
        };
    }

    private static VipStatus Describe(ManifestVip vip, Count count) => new(vip.Name, vip.Pool, vip.Ranges.IsDefault ? vip.Addresses : [.. vip.Addresses, .. vip.Ranges], vip.Ports, count.Packets, count.Bytes);

    private static BackendStatus Describe(string pool, ManifestBackend backend, int id, Count count) =>
        new(pool, backend.Name, backend.Address, backend.Weight, backend.State, id, count.Packets, count.Bytes);

    private static IEnumerable<NextHopStatus> Hop(string family, ManifestNextHop? hop, ulong word)
    {
        if (hop is not null)
        {
            yield return new NextHopStatus(family, hop.Gateway, AddressText.OfMac(SiteData.Mac(word)));
        }
    }

    private static string Stranger(LiveState live) => string.Create(
        CultureInfo.InvariantCulture,
        $"our link holds program {live.ProgramId}, which is none that was applied: somebody updated the link. Apply a bundle to put ours back");

    private static InterfaceStatus Detached(string interfaceName, string detail) => new(interfaceName, InterfaceCondition.Detached, detail, null);
}
