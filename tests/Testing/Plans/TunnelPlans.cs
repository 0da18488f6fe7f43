using System.Net.NetworkInformation;
using Weir.Compiler.Planning;
using Weir.Compiler.Topologies;

namespace Weir.Testing.Plans;

/// <summary>The small plan with other encapsulations than IP in IP.</summary>
public static class TunnelPlans
{
    private static readonly EncapsulationOptions Ethernet = new()
    {
        InnerSource = PhysicalAddress.Parse("02-00-00-00-00-01"),
        InnerDestination = PhysicalAddress.Parse("02-11-22-33-44-55"),
        Vni = 0x123456,
    };

    /// <summary>Name to type and options, defaults filled in. Names end in <c>-sum</c> where the checksum is filled in over both families, in <c>-zero</c> where over none.</summary>
    public static SortedDictionary<string, (EncapsulationType Type, EncapsulationOptions Options)> Cases { get; } = new(StringComparer.Ordinal)
    {
        ["ipip"] = (EncapsulationType.Ipip, EncapsulationOptions.None),
        ["gre"] = (EncapsulationType.Gre, EncapsulationOptions.None),
        ["gre-key"] = (EncapsulationType.Gre, new EncapsulationOptions { Key = 0xdeadbeef }),
        ["gre-sum"] = (EncapsulationType.Gre, new EncapsulationOptions { Checksum = true }),
        ["gre-key-sum"] = (EncapsulationType.Gre, new EncapsulationOptions { Key = 17, Checksum = true }),
        ["gue"] = (EncapsulationType.Gue, new EncapsulationOptions { Port = 6080, Variant = 0 }),
        ["gue-sum"] = (EncapsulationType.Gue, new EncapsulationOptions { Port = 6080, Variant = 0, Checksum = true }),
        ["gue-zero"] = (EncapsulationType.Gue, new EncapsulationOptions { Port = 6080, Variant = 0, Checksum = false }),
        ["gue1"] = (EncapsulationType.Gue, new EncapsulationOptions { Port = 9999, Variant = 1 }),
        ["gue1-sum"] = (EncapsulationType.Gue, new EncapsulationOptions { Port = 9999, Variant = 1, Checksum = true }),
        ["vxlan"] = (EncapsulationType.Vxlan, Ethernet with { Port = 4789 }),
        ["vxlan-sum"] = (EncapsulationType.Vxlan, Ethernet with { Port = 4789, Checksum = true }),
        ["vxlan-zero"] = (EncapsulationType.Vxlan, Ethernet with { Port = 4789, Checksum = false }),
        ["geneve"] = (EncapsulationType.Geneve, Ethernet with { Port = 6081 }),
        ["geneve-options"] = (EncapsulationType.Geneve, Ethernet with { Port = 6081, GeneveOptions = "0102010100112233" + "ffff8002aabbccddeeff0011" }),
        ["geneve-options-sum"] = (EncapsulationType.Geneve, Ethernet with { Port = 6081, Checksum = true, GeneveOptions = "0102010100112233" }),
    };

    /// <summary>Every backend has the encapsulation of that name.</summary>
    public static SitePlan All(string name, int mtu = 1500)
    {
        SitePlan plan = ExamplePlans.Small(mtu: mtu);
        return plan with { Encapsulations = [Of(name, plan.Encapsulations[0])] };
    }

    /// <summary>Of the small plan's pools each has two encapsulations: <c>six</c> gue and geneve with options, <c>web</c> vxlan and gre with a key; with several sources where asked.</summary>
    public static SitePlan Mixed(bool sources)
    {
        SitePlan plan = sources ? ExamplePlans.Sources() : ExamplePlans.Small();
        EncapsulationPlan own = plan.Encapsulations[0];
        EncapsulationPlan other4 = plan.Encapsulations[^1];
        EncapsulationPlan other6 = plan.Encapsulations[sources ? 1 : 0];
        return plan with
        {
            Encapsulations = [own, Of("gue", own), Of("geneve-options", other6), Of("vxlan", own), Of("gre-key", other4)],
            Pools = [plan.Pools[0], Spread(plan.Pools[1], 1, 2), Spread(plan.Pools[2], 3, 4)],
        };
    }

    private static EncapsulationPlan Of(string name, EncapsulationPlan like) => new(Cases[name].Type, like.SourceV4, like.SourceV6) { Options = Cases[name].Options };

    private static PoolPlan Spread(PoolPlan pool, int first, int second) =>
        pool with { Backends = [pool.Backends[0] with { Encapsulation = first }, pool.Backends[1] with { Encapsulation = second }] };
}
