namespace Weir.Kernels.Tests;

/// <summary>An example, or a topology of these tests, whose program runs in the guests.</summary>
/// <param name="Site">The site that is built.</param>
/// <param name="Change">A patch to the topology that changes nothing but backends, or null.</param>
internal sealed record Example(string Name, string Directory, string Site, string? Change = null)
{
    /// <summary>Whether it is only applied, which verifies the program and proves it on packets, and sees no traffic.</summary>
    public bool OnlyApplies { get; init; }

    /// <summary>Whether its backends receive by all the devices that Linux has, some of which are set up to hear nothing.</summary>
    public bool HasReceivers { get; init; }

    /// <summary>The oldest kernel series that can run it; null: all.</summary>
    public Version? Since { get; init; }

    /// <summary>What the applier says on older kernels, in part.</summary>
    public string Refusal { get; init; } = "";

    public static readonly Example[] All =
    [
        new("quickstart", "examples/quickstart/topology", "lab", "examples/quickstart/change.patch"),
        new("dual-stack-edge", "examples/dual-stack-edge/topology", "ams1"),
        new("ranges-and-sources", "tests/kernels/topologies/ranges-and-sources", "lab") { OnlyApplies = true },
        new("everything", "tests/kernels/topologies/everything", "lab") { OnlyApplies = true },
        new("nat", "tests/kernels/topologies/nat", "lab") { OnlyApplies = true },
        new("receivers", "tests/kernels/topologies/receivers", "lab") { HasReceivers = true },
        new("encrypted-ids", "tests/kernels/topologies/encrypted-ids", "lab") { OnlyApplies = true, Since = new(6, 11), Refusal = "came with Linux 6.10" },
    ];
}
