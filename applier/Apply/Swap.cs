using System.Collections.Immutable;
using System.Globalization;
using System.Security.Cryptography;
using Weir.Applier.Build;
using Weir.Applier.Generations;
using Weir.Applier.Libbpf;
using Weir.Applier.Proof;
using Weir.Applier.State;

namespace Weir.Applier.Apply;

/// <summary>A change by a new program instance with new maps: all filled, proven and pinned before one link update.</summary>
internal static class Swap
{
    public static (GenerationRecord Record, int Packets, BpfProgramInfo Program) Run(ApplyWork work, ChangeKind kind, string reason)
    {
        Task<ImmutableArray<ProofCase>> proof = work.PrepareProof();
        byte[] elf = Object(work, kind);
        ImmutableArray<PoolIds> ids = IdAssignment.ForNewInstance(work.Bundle.Manifest.Pools, work.Last?.Ids ?? []);
        ImmutableSortedDictionary<string, byte[]> images = Links.With(Relabelling.Relabel(work.Bundle.Manifest, work.Bundle.Images, ids), work, ids);
        InstanceLoader loader = new(elf, work.Bundle, work.Keys);
        using NatTakeover connections = NatTakeover.Of(work);
        using Instance instance = loader.Load(images, work.NextHops, SiteData.IcmpLimit, work.NatSources, connections.Map);
        connections.Copy(instance);
        BpfProgramInfo program = instance.Program.Info;
        int packets;
        using (Instance shadow = work.LoadShadow(loader, images))
        {
            work.Progress.Finish(ApplyPoint.Loaded, string.Create(
                CultureInfo.InvariantCulture, $"{program.Instructions} instructions, {program.JitedBytes} bytes of machine code"));
            work.Cancellation.ThrowIfCancellationRequested();
            packets = work.Prove(shadow, proof);
        }

        work.Progress.Finish(ApplyPoint.Proven, string.Create(CultureInfo.InvariantCulture, $"{packets} packets as the reference model says"));
        GenerationRecord record = work.Record(
            kind,
            reason,
            work.Next,
            Convert.ToHexStringLower(SHA256.HashData(elf)),
            work.Live.Mode,
            ids,
            loader.CounterLayout!,
            work.Live.Instance,
            CounterBase.Empty);
        record = Commit(work, instance, record, elf);
        connections.Copy(instance);
        Settle(work, record);
        string mode = record.Mode == XdpMode.Native ? "native" : "generic";
        work.Progress.Finish(ApplyPoint.Live, work.Live.Link is null ? $"attached, {mode} mode" : $"link updated, {mode} mode");
        return (record, packets, program);
    }

    private static byte[] Object(ApplyWork work, ChangeKind kind)
    {
        if (work.Request.ObjectFile is { } file)
        {
            byte[] given = ReadObject(file);
            work.Progress.Finish(ApplyPoint.Built, $"the object {file}");
            return given;
        }

        // Tables change without clang: the very object that runs.
        if (kind == ChangeKind.Tables && work.Live.Instance is int live && File.Exists(work.State.ObjectPath(live)))
        {
            byte[] running = File.ReadAllBytes(work.State.ObjectPath(live));
            work.Progress.Finish(ApplyPoint.Built, "the object that runs, clang not needed");
            return running;
        }

        Clang clang = Clang.FindAsync(cancellation: work.Cancellation).GetAwaiter().GetResult();
        ObjectBuilder builder = new(clang, new ObjectCache(work.Paths.Objects), work.Time);
        BuiltObject built = builder.BuildAsync(work.Bundle.Source, PossibleCpus.Capacity, work.Cancellation).GetAwaiter().GetResult();
        work.Progress.Finish(ApplyPoint.Built, built.Cached ? "from the cache" : $"by clang {clang.Major.ToString(CultureInfo.InvariantCulture)}");
        return built.Elf;
    }

    public static byte[] ReadObject(string file)
    {
        try
        {
            return File.ReadAllBytes(file);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw ApplierException.Failed($"Cannot read the object: {error.Message}", error);
        }
    }

    /// <summary>State directory, pins, link. Until the link is updated everything can be taken back, and is.</summary>
    private static GenerationRecord Commit(ApplyWork work, Instance instance, GenerationRecord record, byte[] elf)
    {
        try
        {
            if (work.Live.Link is null)
            {
                return Attach(work, instance, record, elf);
            }

            Prepare(work, instance, record, elf);
            work.Live.Link.Update(instance.Program);
            work.Progress.Reach(ApplyPoint.Linked);
            return record;
        }
        catch
        {
            work.Pins.Unpin(record.Number);
            work.State.Forget(record.Number);
            throw;
        }
    }

    private static GenerationRecord Attach(ApplyWork work, Instance instance, GenerationRecord record, byte[] elf)
    {
        Prepare(work, instance, record, elf);

        // A pin without an interface, from before it was removed.
        File.Delete(work.Pins.Link);
        (XdpLink link, XdpMode mode) = Attachment.Create(instance.Program, work.Interface.Index, work.Request.Mode);
        using (link)
        {
            record = record with { Mode = mode };
            work.State.Rewrite(record);
            link.Pin(work.Pins.Link);
        }

        work.Progress.Reach(ApplyPoint.Linked);
        return record;
    }

    private static void Prepare(ApplyWork work, Instance instance, GenerationRecord record, byte[] elf)
    {
        work.State.Add(record, work.Bundle.Files, elf);
        work.Progress.Reach(ApplyPoint.Recorded);
        instance.Pin(work.Pins, record.Number);
        work.Progress.Reach(ApplyPoint.Pinned);
        work.Cancellation.ThrowIfCancellationRequested();
    }

    /// <summary>What follows the commit; a start after a kill does the same.</summary>
    private static void Settle(ApplyWork work, GenerationRecord record)
    {
        Grace.Wait();
        Recovery.KeepCounters(work.State, work.Pins, record);
        work.Progress.Reach(ApplyPoint.Counted);
        work.State.MakeCurrent(record.Number);
        work.Progress.Reach(ApplyPoint.Current);
        foreach (int old in work.Pins.Instances.Where(number => number != record.Number))
        {
            work.Pins.Unpin(old);
        }

        work.State.Prune(record.Number, record.Instance);
    }
}
