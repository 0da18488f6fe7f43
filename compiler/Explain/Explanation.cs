using System.Collections.Immutable;
using System.Net;
using Weir.Compiler.Diagnostics;
using Weir.Compiler.Model;
using Weir.Compiler.Planning;
using Weir.Compiler.Topologies;

namespace Weir.Compiler.Explain;

/// <summary>What becomes of a packet.</summary>
public enum Outcome
{
    /// <summary>Sent to a backend.</summary>
    Forwarded,

    /// <summary>The load balancer itself answers.</summary>
    Answered,

    /// <summary>Left to the host's own network stack.</summary>
    Passed,
    Dropped,
}

/// <summary>What a site's data plane does with one packet, step by step, as far as the packet comes. Decided by the reference model;
/// what is here in addition says where the topology asks for it.</summary>
public sealed record Explanation
{
    public required SitePlan Plan { get; init; }

    /// <summary>What the model says, and the bytes it sends.</summary>
    public required Verdict Verdict { get; init; }

    public required Outcome Outcome { get; init; }

    /// <summary>The VIP that serves the flow; null when none does.</summary>
    public required ServedBy? Vip { get; init; }

    /// <summary>What the VIP's source lists and routes say of the client; null where it has none.</summary>
    public SourceStep? Source { get; init; }

    /// <summary>Where no VIP serves the flow: those that have its address, sorted by name.</summary>
    public required ImmutableArray<VipAtAddress> Others { get; init; }

    /// <summary>The pool, and the flow's place in its ring.</summary>
    public required RingStep? Ring { get; init; }

    public required ChosenBackend? Backend { get; init; }

    /// <summary>How the packet is made to travel to its backend, also where it turns out not to fit.</summary>
    public required EncapsulationStep? Encapsulation { get; init; }

    /// <summary>One sentence: why the packet is not forwarded; null when it is.</summary>
    public string? Why => Verdict.Reason is { } reason ? ReasonText.Of(reason, Plan) : null;
}

/// <param name="Address">As the topology states it: the address, or the range that it is in.</param>
/// <param name="Ports">The range of ports that the packet's is in.</param>
public sealed record ServedBy(string Name, SourceSpan Position, string Address, PortRange Ports);

public sealed record VipAtAddress(string Name, SourceSpan Position, ImmutableArray<PortRange> Ports);

/// <param name="Because">Who says that this pool serves the VIP here: <c>vips.www.pool</c>, <c>vips.www.sites.fra1.pool</c>.</param>
/// <param name="Quoted">Whether the flow is the one that an ICMP error is about, and not the packet's own.</param>
/// <param name="Slots">Slots of the ring.</param>
/// <param name="Policy">What of the flow is hashed.</param>
public sealed record RingStep(string Pool, SourceSpan Position, string Because, Flow Flow, bool Quoted, FlowHash Hash, int Slot, int Slots, HashPolicy Policy);

/// <param name="Owned">Slots of the ring that are this backend's.</param>
/// <param name="Preference">What the pool prefers at the site and how the backend stands to it; null where it prefers nobody.</param>
public sealed record ChosenBackend(ulong Identity, string Name, SourceSpan Position, IPAddress Address, int Weight, BackendState State, int Owned, string? Preference);

/// <param name="Plan">Type and options.</param>
/// <param name="Scope">Who says what the outer source is: <c>sites.ams1.encapsulation</c>.</param>
/// <param name="OuterV6">Whether the outer header is IPv6's.</param>
/// <param name="Source">As it is configured.</param>
/// <param name="PacketLength">Bytes of the IP packet before encapsulation.</param>
/// <param name="Outer">What is put in front; null when the packet is not forwarded.</param>
public sealed record EncapsulationStep(EncapsulationPlan Plan, string Scope, SourceSpan Position, OuterSource Source, bool InnerV6, bool OuterV6, int PacketLength, OuterBytes? Outer)
{
    /// <summary>Bytes of all that is put in front.</summary>
    public int OuterLength => OuterHeader.Overhead(Plan, OuterV6);
}

/// <param name="Source">The outer source of this packet; where a prefix is configured, with bits of the flow's hash.</param>
/// <param name="NextHop">The MAC that the frame goes to; null when the host finds it out, see <paramref name="Gateway"/>.</param>
/// <param name="Gateway">Whose MAC the host finds out, or null.</param>
/// <param name="Header">The outer headers as they go out.</param>
public sealed record OuterBytes(IPAddress Source, string? NextHop, IPAddress? Gateway, ImmutableArray<byte> Header);
