using System.Collections.Immutable;
using System.Net;

namespace Weir.Compiler.Model;

/// <summary>What becomes of a packet; the values are those of the kernel's <c>enum xdp_action</c>.</summary>
public enum PacketAction
{
    Drop = 1,
    Pass = 2,
    Tx = 3,
}

/// <summary>What must become of one packet, and why.</summary>
/// <param name="Output">The frame as it is passed on or sent; for a dropped packet the frame as it came.</param>
/// <param name="Reason">What is counted when the packet is not forwarded to a backend; null when it is.</param>
/// <param name="CountedBytes">What VIP and backend are charged: the IP packet's bytes before encapsulation; 0 unless forwarded.</param>
/// <param name="Address">The VIP's address the packet is for, once it was found.</param>
/// <param name="Flow">The choice made for the packet's flow, as far as it got; null when no service matched.</param>
public sealed record Verdict(PacketAction Action, ImmutableArray<byte> Output, Reason? Reason, int CountedBytes, IPAddress? Address, FlowChoice? Flow)
{
    /// <summary>What is counted beside the packet's fate; null for most packets.</summary>
    public Reason? Note => Flow?.Note;

    /// <summary>Counter row of the VIP that is charged, or null.</summary>
    public int? ChargedVip => Reason is null ? Flow?.Vip : null;

    /// <summary>Pool and dense backend number that are charged, or null.</summary>
    public (int Pool, int Backend)? ChargedBackend => Reason is null && Flow?.Backend is int backend ? (Flow.Pool, backend) : null;
}

/// <summary>How a flow found its backend.</summary>
/// <param name="Quoted">Whether the flow is the one an ICMP error is about, and not the packet's own.</param>
/// <param name="Vip">Index into the plan's VIPs.</param>
/// <param name="Pool">Index into the plan's pools.</param>
/// <param name="Slot">Slot of the pool's ring.</param>
/// <param name="Backend">Dense number in the pool, or null when the slot has none.</param>
public sealed record FlowChoice(Flow Flow, bool Quoted, int Vip, int Pool, FlowHash Hash, int Slot, int? Backend)
{
    /// <summary>What the VIP says of the flow's source; null where it says nothing of sources. Where the source is denied the flow comes no further.</summary>
    public SourceVerdict? Source { get; init; }

    public bool Denied => Source is { Denied: true };

    /// <summary>Whether the packet names the backend by a server id, and the slot does not count.</summary>
    public bool Named { get; init; }

    /// <summary>What is counted because the packet should have named a backend and did not.</summary>
    public Reason? Note { get; init; }
}

/// <summary>A flow in the direction from client to VIP.</summary>
/// <param name="Protocol">IANA protocol number, 6 or 17.</param>
public sealed record Flow(IPAddress Source, IPAddress Destination, byte Protocol, ushort SourcePort, ushort DestinationPort);
