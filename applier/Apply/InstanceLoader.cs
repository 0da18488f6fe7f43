using System.Collections.Immutable;
using System.Globalization;
using Weir.Applier.Build;
using Weir.Applier.Generations;
using Weir.Applier.Keys;
using Weir.Applier.Layout;
using Weir.Applier.Libbpf;
using Weir.Applier.State;
using Weir.Compiler.Emit;
using Weir.Compiler.Lowering;
using Weir.Compiler.Planning;

namespace Weir.Applier.Apply;

/// <summary>Makes instances of an object: checked against the manifest, maps filled, loaded by the kernel, attached to nothing.</summary>
/// <param name="keys">Of the plan's key files; the kernel gets them with each instance, whose program holds them from then on.</param>
public sealed class InstanceLoader(byte[] elf, HostBundle bundle, HostKeys keys)
{
    private const string ObjectName = "weir";

    private readonly Manifest manifest = bundle.Manifest;

    /// <summary>Where an instance of the object counts; known once one was loaded.</summary>
    public CounterLayout? CounterLayout { get; private set; }

    /// <param name="images">The host's images, by section.</param>
    /// <param name="icmpLimit">Packet-too-big messages per CPU and second.</param>
    /// <param name="nat">What the host's NAT takes sources from.</param>
    /// <param name="connections">A map of NAT's connections to take over; null for a new one.</param>
    /// <exception cref="ApplierException">The object is not this manifest's, or the verifier refused it.</exception>
    /// <exception cref="BpfException">The kernel refused it for another reason.</exception>
    public Instance Load(ImmutableSortedDictionary<string, byte[]> images, NextHopValues nextHops, uint icmpLimit, HostNatSources? nat = null, BpfMap? connections = null)
    {
        using BpfObject opened = BpfObject.Open(elf, ObjectName);
        CounterLayout = Check(opened);
        foreach ((string section, byte[] bytes) in images)
        {
            opened.SetInitialValue(section, bytes);
        }

        opened.SetInitialValue(SiteData.Section, SiteData.Bytes(nextHops, icmpLimit));
        if (manifest.UsesNat)
        {
            opened.SetInitialValue(NatData.Section, NatData.Bytes(nat));
            if (connections is not null)
            {
                opened.Reuse(NatRows.Section, connections);
            }
        }

        Load(opened);
        keys.Give(opened);
        return Instance.Of(opened, manifest.Program.Function, manifest.Maps.Select(map => map.Section));
    }

    private void Load(BpfObject opened)
    {
        try
        {
            opened.Load();
        }
        catch (BpfException error) when (error.VerifierLog is { } log)
        {
            throw ApplierException.Failed(VerifierMessage.Of(log, bundle), error);
        }
    }

    private CounterLayout Check(BpfObject opened)
    {
        if (!opened.Programs.Contains(manifest.Program.Function))
        {
            throw ApplierException.Failed(
                $"The object has no function {manifest.Program.Function}: it was made from another bundle. Give the right --object, or none.");
        }

        CounterLayout layout = Counters.LayoutOf(opened.Btf);
        ImmutableArray<string> differences = LayoutCheck.Compare(manifest, opened, layout.Cpus);
        if (differences.Length > 0)
        {
            throw ApplierException.Failed(
                "The object is laid out otherwise than the bundle's images; it was made from another bundle, or headers of another version:\n  "
                + string.Join("\n  ", differences));
        }

        int cpus = PossibleCpus.Count;
        return layout.Cpus >= cpus
            ? layout
            : throw ApplierException.Failed(string.Create(
                CultureInfo.InvariantCulture,
                $"The object counts for {layout.Cpus} CPUs and this host may have {cpus}: build it with -DWEIR_CPUS={PossibleCpus.Capacity}."));
    }
}
