using System.Net;
using System.Net.Sockets;
using Weir.Compiler.Emit;
using Weir.Compiler.Model;
using Weir.Compiler.Planning;
using Flow = Weir.Lab.Traffic.Flow;

namespace Weir.Lab.Accounting;

/// <summary>A slot of a pool's ring.</summary>
public readonly record struct PoolSlot(string Pool, int Slot);

/// <summary>Which slot a flow has and who owns it, by a bundle and the reference model's hash.</summary>
public sealed class FlowSlots
{
    private readonly SitePlan _plan;

    private FlowSlots(VerifiedBundle bundle)
    {
        Manifest = bundle.Manifest;
        _plan = bundle.ToSitePlan();
    }

    public Manifest Manifest { get; }

    /// <param name="directory">A bundle's directory.</param>
    /// <exception cref="InvalidOperationException">It holds no whole bundle.</exception>
    public static FlowSlots Of(string directory)
    {
        var (bundle, problems) = BundleReader.Read(BundleFolder.Read(directory));
        return new FlowSlots(bundle ?? throw new InvalidOperationException($"{directory}: {string.Join(' ', problems)}"));
    }

    /// <exception cref="ArgumentException">No VIP has the flow's destination.</exception>
    public PoolSlot SlotOf(Flow flow)
    {
        var pool = PoolOf(flow);
        return new PoolSlot(pool.Name, SlotIn(pool, flow));
    }

    /// <summary>The name of the backend that answers the flow.</summary>
    /// <exception cref="ArgumentException">No VIP has the flow's destination.</exception>
    public string BackendOf(Flow flow)
    {
        var pool = PoolOf(flow);
        return pool.Backends[pool.Ring[SlotIn(pool, flow)]].Name;
    }

    private int SlotIn(PoolPlan pool, Flow flow) => FlowHash.Of(
        _plan.HashKey,
        flow.Source.Address.GetAddressBytes(),
        flow.Destination.Address.GetAddressBytes(),
        (byte)(flow.Protocol == ProtocolType.Tcp ? 6 : 17), // IANA protocol numbers
        (ushort)flow.Source.Port,
        (ushort)flow.Destination.Port).Slot(int.Log2(pool.Ring.Length));

    private PoolPlan PoolOf(Flow flow) =>
        _plan.Pools[(_plan.Vips.FirstOrDefault(vip => Holds(vip, flow.Destination.Address))
            ?? throw new ArgumentException($"No VIP has the address {flow.Destination.Address}.")).Pool];

    private static bool Holds(VipPlan vip, IPAddress address) => vip.Holds(address);
}
