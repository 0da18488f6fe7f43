using Weir.Compiler.Rings.Transition;

namespace Weir.Compiler.Model.Transition;

/// <summary>Which records nobody needs any more; looked for every 30 seconds.</summary>
public static class RecordSweep
{
    /// <summary>Stamps that make a minute.</summary>
    private const int Minute = 60 / FlowRecord.StampSeconds;

    /// <param name="slot">The record's.</param>
    /// <param name="removed">Whether its backend is no more.</param>
    /// <param name="idle">Seconds that a record outlives its last packet: 7,200 or more.</param>
    /// <param name="now">The stamp of now.</param>
    public static bool Drops(FlowRecord record, RingSlot slot, bool removed, int idle, int now)
    {
        ArgumentNullException.ThrowIfNull(record);
        int age = record.Age(now);
        bool current = record.Id == slot.Current;
        return slot.IsSettled
            || removed
            || age > idle / FlowRecord.StampSeconds
            || (record.Closing && age >= Minute)
            || (record.Tentative && current && age >= Minute)
            || (!slot.IsInTransition && current);
    }
}
