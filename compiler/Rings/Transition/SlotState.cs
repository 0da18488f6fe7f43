namespace Weir.Compiler.Rings.Transition;

/// <summary>A slot with its history, and what becomes of it: rules E1 to E5 of the transition ring. Times are whole seconds of any clock that does not go back.</summary>
/// <param name="Since">When the change began that is not settled yet; means nothing in a settled slot.</param>
public readonly record struct SlotState(RingSlot Slot, long Since)
{
    public static SlotState Settled(int owner) => new(RingSlot.Settled(owner), 0);

    /// <summary>E1, and E4 for all owners: the ring gives the slot to somebody.</summary>
    /// <param name="removed">Whether the owner until now is no more: then nobody is left to have flows without a record.</param>
    /// <param name="refused">Whether the default was down while flows were refused a record: they went to the owner of then, and have to stay there. That owner becomes the default.</param>
    public SlotState Give(int owner, long now, bool removed = false, bool refused = false)
    {
        if (owner == Slot.Current)
        {
            return this;
        }

        // Stacked changes: the oldest unsettled owner stays the default, and the time runs on from the first change. Going back to it is consulting by itself.
        return Slot.IsInTransition && !refused
            ? this with { Slot = Slot with { Current = owner } }
            : new(new RingSlot(owner, removed ? owner : Slot.Current, Consult: true), now);
    }

    /// <summary>E2: once everybody who spoke within the time has left a record, the default is the new owner.</summary>
    /// <param name="holding">How long it takes, in seconds.</param>
    /// <param name="pressure">When a record was refused or displaced last: who spoke before may have none any more, so the time begins anew.</param>
    public SlotState Flip(long now, long holding, long pressure = long.MinValue) =>
        Slot.IsInTransition && now - Math.Max(Since, pressure) >= holding ? this with { Slot = Slot with { Default = Slot.Current } } : this;

    /// <summary>E3: nothing is left of the change.</summary>
    /// <param name="strangers">Whether a sweep found a record of the slot that is somebody else's than the current owner's.</param>
    public SlotState Settle(bool strangers) => Slot.Consult && !Slot.IsInTransition && !strangers ? Settled(Slot.Current) : this;

    /// <summary>E5: a backend is removed.</summary>
    public SlotState Forget(int backend) => Slot.Consult && Slot.Default == backend ? this with { Slot = Slot with { Default = Slot.Current } } : this;
}
