using System.Globalization;
using Weir.Applier.Apply;
using Weir.Applier.Build;
using Weir.Applier.Generations;
using Weir.Applier.Libbpf;
using Weir.Applier.Network;
using Weir.Applier.State;
using Weir.Compiler.Model.Strips;

namespace Weir.Applier.Decap;

/// <summary>Our decapsulator on an interface of a backend: <c>bpf/decap/decap.bpf.c</c>, pinned below <c>BPFFS/weir/IF/decap/</c>,
/// its link updated when it is attached again.</summary>
public sealed class DecapSession(ApplierPaths paths, TimeProvider? time = null)
{
    /// <summary>Attaches the decapsulator, or swaps the one that is there.</summary>
    /// <param name="rules">What is decapsulated, and from whom; outer destinations are not looked at.</param>
    /// <param name="objectFile">An object built elsewhere; null: clang builds it, or the cache has it.</param>
    /// <param name="mode">Null: native where the driver can, else generic.</param>
    /// <returns>What was done, a sentence.</returns>
    /// <exception cref="ApplierException">What stood in the way; what ran before goes on running.</exception>
    public string Attach(string interfaceName, StripRules rules, string? objectFile, XdpMode? mode, CancellationToken cancellation) => Explained.Run(() =>
    {
        (HostInterface on, Pins pins) = Prepare(interfaceName);
        using StateLock held = StateLock.Take(paths.State);
        using LiveState live = LiveState.Find(pins, on.Index);
        byte[] elf = objectFile is null ? Build(cancellation) : Swap.ReadObject(objectFile);
        using Instance next = Load(elf, rules);
        return Put(next, live, pins, on, mode);
    });

    /// <summary>What the attached decapsulator did since it was put there; null when there is none.</summary>
    public DecapCounters? Counters(string interfaceName) => Explained.Run(() =>
    {
        (HostInterface on, Pins pins) = Prepare(interfaceName);
        using LiveState live = LiveState.Find(pins, on.Index);
        using Instance? running = live.Instance is int number ? Instance.OpenPinned(pins, number, [DecapObject.CounterSection]) : null;
        return running is null ? null : DecapCounters.Read(running.Map(DecapObject.CounterSection).Bytes);
    });

    /// <returns>False when none of ours was attached.</returns>
    public bool Detach(string interfaceName) => Explained.Run(() =>
    {
        (HostInterface on, Pins pins) = Prepare(interfaceName);
        using StateLock held = StateLock.Take(paths.State);
        using LiveState live = LiveState.Find(pins, on.Index);
        live.Link?.Detach();
        pins.Clear();
        return live.Link is not null;
    });

    private static string Put(Instance next, LiveState live, Pins pins, HostInterface on, XdpMode? mode)
    {
        int number = pins.Instances.DefaultIfEmpty(0).Max() + 1;
        string done;
        try
        {
            next.Pin(pins, number);
            if (live.Link is { } link)
            {
                link.Update(next.Program);
                done = $"The decapsulator on {on.Name} was replaced.";
            }
            else
            {
                // A pin without an interface, from before it was removed.
                File.Delete(pins.Link);
                (XdpLink created, XdpMode attached) = Attachment.Create(next.Program, on.Index, mode);
                using (created)
                {
                    created.Pin(pins.Link);
                }

                done = string.Create(CultureInfo.InvariantCulture, $"The decapsulator is on {on.Name}, {attached.ToString().ToLowerInvariant()} mode.");
            }
        }
        catch
        {
            pins.Unpin(number);
            throw;
        }

        foreach (int old in pins.Instances.Where(old => old != number))
        {
            pins.Unpin(old);
        }

        return done;
    }

    private (HostInterface On, Pins Pins) Prepare(string interfaceName)
    {
        paths.RequireBpfFileSystem();
        HostInterface on = HostInterface.Find(interfaceName)
            ?? throw ApplierException.Failed($"There is no interface {interfaceName} in this network namespace.");
        return (on, Pins.ForDecap(paths.BpfFileSystem, interfaceName));
    }

    private byte[] Build(CancellationToken cancellation)
    {
        Clang clang = Clang.FindAsync(cancellation: cancellation).GetAwaiter().GetResult();
        ObjectBuilder builder = new(clang, new ObjectCache(paths.Objects), time);
        return builder.BuildAsync(DecapObject.Source(), PossibleCpus.Capacity, cancellation).GetAwaiter().GetResult().Elf;
    }

    private static Instance Load(byte[] elf, StripRules rules)
    {
        using BpfObject opened = DecapObject.Open(elf, rules);
        opened.Load();
        return Instance.Of(opened, DecapObject.Function, [DecapObject.CounterSection]);
    }
}
