using Weir.Applier.Generations;
using Weir.Applier.Keys;
using Weir.Applier.Libbpf;
using Weir.Applier.State;
using Weir.Compiler.Planning;

namespace Weir.Applier.Apply;

/// <summary>A second instance of what runs on an interface: the same object, its own maps filled with the same images. It sees no
/// traffic, and nothing that is done to it reaches the live one.</summary>
public sealed class LiveShadow : IDisposable
{
    private readonly Instance instance;

    private LiveShadow(Instance instance, HostBundle bundle)
    {
        this.instance = instance;
        Plan = bundle.Plan;
        Fragments = bundle.Source.Span.IndexOf("SEC(\"xdp.frags\")"u8) >= 0;
    }

    public BpfProgram Program => instance.Program;

    public SitePlan Plan { get; }

    /// <summary>Whether the program takes packets of several buffers (section <c>xdp.frags</c>, Linux 5.18).</summary>
    public bool Fragments { get; }

    /// <exception cref="ApplierException">Nothing was applied to the interface.</exception>
    public static LiveShadow Load(ApplierPaths paths, string interfaceName)
    {
        InterfaceState state = InterfaceState.Open(paths.State, interfaceName);
        GenerationRecord record = state.Current is int current && state.Record(current) is { } found
            ? found
            : throw ApplierException.Failed($"Nothing was applied to {interfaceName}: weir-applier apply --bundle DIR --interface {interfaceName}");
        HostBundle bundle = HostBundle.Read(state.BundlePath(record.Number));
        using HostKeys keys = HostKeys.Random(bundle.Plan);
        InstanceLoader loader = new(File.ReadAllBytes(state.ObjectPath(record.Instance)), bundle, keys);
        try
        {
            Instance instance = loader.Load(Relabelling.Relabel(bundle.Manifest, bundle.Images, record.Ids), record.NextHops, uint.MaxValue, bundle.Plan.NatSources.FirstOrDefault(host => host.Host == record.NatHost));
            return new LiveShadow(instance, bundle);
        }
        catch (BpfException error)
        {
            throw ApplierException.Failed(error.Message, error);
        }
    }

    public void Dispose() => instance.Dispose();
}
