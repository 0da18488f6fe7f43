using System.Collections.Immutable;
using Weir.Compiler.Model.ConnectionIds;
using Weir.Compiler.Model.Transition;
using Weir.Compiler.Planning;
using Weir.Compiler.Rings.Transition;

namespace Weir.Compiler.Model;

/// <summary>From a flow to its VIP, pool and backend: <c>bpf/README.md</c>, section 3, sources and rules 1 and 2.</summary>
internal sealed class FlowChooser(SitePlan plan, ImmutableSortedDictionary<string, IdCipher>? ciphers = null, SiteTransitions? transitions = null)
{
    private readonly ServiceIndex services = new(plan);
    private readonly ImmutableArray<SourceIndex?> sources = [.. plan.Vips.Select(SourceIndex.Of)];
    private readonly ServerIds servers = new(plan, ciphers ?? ImmutableSortedDictionary<string, IdCipher>.Empty);

    /// <summary>Whether any VIP has an address of the family.</summary>
    public bool Uses(bool isV6) => services.Uses(isV6);

    /// <summary>Whether the address, 4 or 16 bytes in network order, is a VIP's.</summary>
    public bool HasAddress(ReadOnlySpan<byte> address) => services.Has(address);

    /// <summary>The VIP that serves a flow, or null.</summary>
    public int? VipOf(Flow flow) => services.Find(flow.Destination, flow.Protocol, flow.DestinationPort);

    /// <summary>The choice made for a flow; null when no VIP serves it.</summary>
    /// <param name="quoted">Whether an ICMP error quotes it.</param>
    /// <param name="transport">From the packet's own TCP or UDP header to the end of the IP packet; nothing for a quoted flow or a fragment, which name nobody.</param>
    /// <param name="readable">Bytes of it that can be read.</param>
    /// <param name="extended">Whether the packet has IPv6 extension headers.</param>
    public FlowChoice? Choose(Flow flow, bool quoted, ReadOnlySpan<byte> transport = default, int readable = 0, bool extended = false)
    {
        if (services.Find(flow.Destination, flow.Protocol, flow.DestinationPort) is not int vip)
        {
            return null;
        }

        SourceVerdict? source = sources[vip]?.Find(flow.Source);
        int pool = source is { Route: not null } ? source.Pool : plan.Vips[vip].Pool;
        ImmutableArray<ushort> ring = plan.Pools[pool].Ring;
        FlowHash hash = FlowHash.Of(plan.HashKey, flow, plan.Vips[vip].Hash);
        int slot = hash.Slot(int.Log2(ring.Length));
        FlowChoice choice = new(flow, quoted, vip, pool, hash, slot, ring[slot] == PoolPlan.NoBackend ? null : ring[slot]) { Source = source };
        choice = quoted || choice.Denied || transport.IsEmpty ? choice : servers.Apply(choice, transport, readable);
        return choice.Denied || choice.Named || transitions?.Pool(pool) is not { } unsettled ? choice : choice with { Backend = Tracked(unsettled, choice, transport, readable, extended) };
    }

    /// <summary>Section 11.</summary>
    private int? Tracked(PoolTransitions pool, FlowChoice choice, ReadOnlySpan<byte> transport, int readable, bool extended)
    {
        RingSlot slot = pool.Slots[choice.Slot];
        int id = FlowSignals.Of(plan, choice, transport, readable, extended) is { } signal
            ? pool.Model.Choose(slot, choice.Hash.H1, choice.Hash.H2, signal, transitions!.Now)
            : slot.Current;
        return id == RingSlot.Nobody ? null : id;
    }
}
