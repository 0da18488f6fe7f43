using System.Collections.Immutable;
using Weir.Compiler.Rings.Transition;

namespace Weir.Compiler.Model.Transition;

/// <summary>What a backend may get.</summary>
[Flags]
public enum BackendTakes
{
    /// <summary>Down or removed.</summary>
    None = 0,

    /// <summary>New flows.</summary>
    New = 1,

    /// <summary>Packets of flows that it has.</summary>
    Existing = 2,

    /// <summary>Both.</summary>
    Active = New | Existing,
}

/// <summary>What a packet says of its flow.</summary>
public enum FlowSignal
{
    /// <summary>Nothing: it goes on.</summary>
    Data,

    /// <summary>It begins: SYN without ACK, or a QUIC Initial.</summary>
    Begin,

    /// <summary>It ends: FIN or RST.</summary>
    End,

    /// <summary>An ICMP error about it, which changes nothing.</summary>
    Error,
}

/// <summary>Which backend a packet goes to, and what is remembered: the rules of the transition ring, for one pool on one host.</summary>
/// <param name="table">The pool's records.</param>
/// <param name="always">Whether flows are recorded too that begin in slots which are nobody else's.</param>
public sealed class TransitionModel(RecordTable table, bool always = false)
{
    /// <summary>0 is the tag of a free way. In any ring 1 is a hash of the same slot.</summary>
    private const uint LeastTag = 1;

    private readonly Dictionary<int, long> refusedDown = [];

    /// <summary>By id; who is not there is removed.</summary>
    public ImmutableDictionary<int, BackendTakes> Backends { get; set; } = ImmutableDictionary<int, BackendTakes>.Empty;

    /// <summary>Flows that began while there was no room for a record and the default was down: they went to the owner of then, by the default's id.</summary>
    public IReadOnlyDictionary<int, long> RefusedDown => refusedDown;

    /// <summary>Begins to count anew, once the slots have taken note: the backend is up again.</summary>
    public void ForgetRefused(int id) => refusedDown.Remove(id);

    /// <param name="h1">The hash that the slot follows from.</param>
    /// <param name="h2">An independent one, which chooses the set.</param>
    /// <param name="now">The stamp of now: <see cref="FlowRecord.StampOf"/>.</param>
    /// <returns>The backend's id.</returns>
    public int Choose(RingSlot slot, uint h1, uint h2, FlowSignal signal, int now)
    {
        if (slot.IsSettled)
        {
            return slot.Current;
        }

        h1 = Math.Max(h1, LeastTag);
        FlowRecord? record = table.Find(h1, h2);
        return signal switch
        {
            FlowSignal.Begin => Begin(slot, record, h1, h2, now),
            FlowSignal.Error => record is null ? Unrecorded(slot) : Recorded(slot, record),
            _ => Continue(slot, record, h1, h2, signal, now),
        };
    }

    private int Begin(RingSlot slot, FlowRecord? record, uint h1, uint h2, int now)
    {
        // A retransmission, fast open once more, a port used again, or somebody who pretends.
        if (record is { Closing: false } && (May(record.Id, BackendTakes.New) || (!record.Tentative && May(record.Id, BackendTakes.Existing))))
        {
            table.Replace(record, record with { Stamp = now }, h2);
            return record.Id;
        }

        if (record is not null)
        {
            table.Replace(record, null, h2);
        }

        if (slot.Current == RingSlot.Nobody || (!slot.IsInTransition && !always) || table.Put(new FlowRecord(h1, slot.Current, now, Tentative: true), h2, now))
        {
            return slot.Current;
        }

        // Refused: what has no record belongs to the default.
        if (!slot.IsInTransition || May(slot.Default, BackendTakes.Existing))
        {
            return slot.Default;
        }

        if (slot.Default == RingSlot.Nobody)
        {
            return slot.Current;
        }

        refusedDown[slot.Default] = refusedDown.GetValueOrDefault(slot.Default) + 1;
        return slot.Current;
    }

    private int Continue(RingSlot slot, FlowRecord? record, uint h1, uint h2, FlowSignal signal, int now)
    {
        if (record is not null)
        {
            table.Replace(record, record with { Stamp = now, Tentative = false, Replica = false, Closing = record.Closing || signal == FlowSignal.End }, h2);
            return Recorded(slot, record);
        }

        // Adopted; where that fails, the next packet tries again.
        if (slot.IsInTransition && May(slot.Default, BackendTakes.Existing))
        {
            table.Put(new FlowRecord(h1, slot.Default, now, Tentative: true), h2, now);
        }

        return Unrecorded(slot);
    }

    private int Recorded(RingSlot slot, FlowRecord record) => May(record.Id, BackendTakes.Existing) ? record.Id : slot.Current;

    private int Unrecorded(RingSlot slot) => May(slot.Default, BackendTakes.Existing) ? slot.Default : slot.Current;

    private bool May(int id, BackendTakes what) => Backends.GetValueOrDefault(id).HasFlag(what);
}
