using System.Collections.Immutable;

namespace Weir.Lab.Network;

/// <summary>What a lab is made of.</summary>
public sealed record LabOptions
{
    private static int _labs;

    /// <summary>Starts the names of the lab's namespaces and of its folder; unique among the labs of a machine.</summary>
    public string Name { get; init; } = $"weir-{Environment.ProcessId}-{Interlocked.Increment(ref _labs)}";

    /// <summary>One host per name, numbered from 1 in the address plan.</summary>
    public ImmutableArray<string> Backends { get; init; } = ["web-1", "web-2", "web-3", "web-4"];

    /// <summary>Those of them that are load balancers too: what they send by XDP arrives.</summary>
    public ImmutableArray<string> Balancing { get; init; } = [];

    /// <summary>Of every link, in bytes.</summary>
    public int Mtu { get; init; } = 1500;

    /// <summary>Where the lab keeps its files.</summary>
    public string Directory => Path.Combine(Path.GetTempPath(), Name);
}
