using System.Collections.Immutable;
using System.Net.Sockets;
using Weir.Lab.Traffic;

namespace Weir.Lab.Accounting;

/// <summary>What a change did to one kind of flow, against what the compiler said it would do.</summary>
/// <param name="Name">As in the table.</param>
/// <param name="Flows">How many there were.</param>
/// <param name="Named">Flows in slots that the compiler named.</param>
/// <param name="Hit">Flows that were reset (TCP) or answered by another backend (UDP).</param>
/// <param name="Unnamed">Hit, though their slots were not named: must be empty.</param>
/// <param name="Untouched">Named and not hit: must be empty, too.</param>
public sealed record FlowAccount(string Name, int Flows, int Named, int Hit, ImmutableArray<Flow> Unnamed, ImmutableArray<Flow> Untouched)
{
    public bool Exact => Unnamed.IsEmpty && Untouched.IsEmpty;
}

/// <summary>The account of a change made under load.</summary>
/// <param name="ShortReset">Short connections reset because they were open at the change: in named slots, all of them.</param>
/// <param name="Other">Everything that went wrong in any other way: must be empty.</param>
public sealed record ChangeAccount(
    ImmutableArray<FlowAccount> Flows,
    long Requests,
    int ShortReset,
    long DatagramsSent,
    long DatagramsLost,
    Conservation Packets,
    ImmutableArray<string> Other)
{
    public bool Holds => Flows.All(flows => flows.Exact) && DatagramsLost == 0 && Packets.Holds && Other.IsEmpty;

    /// <param name="named">The slots that the compiler said would move.</param>
    public static ChangeAccount Of(TrafficResult traffic, FlowSlots slots, IReadOnlySet<PoolSlot> named, Conservation packets)
    {
        bool Named(Flow flow) => named.Contains(slots.SlotOf(flow));

        FlowAccount Account(string name, IEnumerable<(Flow Flow, bool Hit)> flows)
        {
            var all = flows.Select(flow => (flow.Flow, flow.Hit, Named: Named(flow.Flow))).ToImmutableArray();
            return new FlowAccount(
                name,
                all.Length,
                all.Count(flow => flow.Named),
                all.Count(flow => flow.Hit),
                [.. all.Where(flow => flow.Hit && !flow.Named).Select(flow => flow.Flow)],
                [.. all.Where(flow => flow.Named && !flow.Hit).Select(flow => flow.Flow)]);
        }

        var accounts = new List<FlowAccount>();
        foreach (var (family, label) in new[] { (AddressFamily.InterNetwork, "IPv4"), (AddressFamily.InterNetworkV6, "IPv6") })
        {
            accounts.Add(Account($"TCP, {label}", traffic.Kept
                .Where(kept => kept.Flow.Destination.AddressFamily == family)
                .Select(kept => (kept.Flow, kept.Failure?.End == FlowEnd.Reset))));
            accounts.Add(Account($"UDP, {label}", traffic.Datagrams
                .Where(flow => flow.Flow.Destination.AddressFamily == family)
                .Select(flow => (flow.Flow, flow.Backends.Length > 1))));
        }

        var explained = traffic.ShortFailures.Where(failure => failure.End == FlowEnd.Reset && Named(failure.Flow)).ToImmutableArray();
        var other = traffic.ShortFailures.Except(explained)
            .Concat(traffic.Kept.Select(kept => kept.Failure).OfType<Failure>().Where(failure => failure.End != FlowEnd.Reset))
            .Select(failure => $"{failure.Flow}: {failure.Reason}, slot {slots.SlotOf(failure.Flow).Slot}")
            .Concat(traffic.Kept.Where(kept => kept.Moved is not null).Select(kept => $"{kept.Flow}: {kept.Backend} and then {kept.Moved} answered"))
            .Concat(traffic.Datagrams.Where(flow => flow.Twice + flow.Errors > 0).Select(flow => $"{flow.Flow}: {flow.Twice} answered twice, {flow.Errors} ICMP errors"));
        return new ChangeAccount(
            [.. accounts],
            traffic.Tallies.Sum(tally => tally.Requests),
            explained.Length,
            traffic.Datagrams.Sum(flow => flow.Sent),
            traffic.Datagrams.Sum(flow => flow.Lost),
            packets,
            [.. other]);
    }
}
