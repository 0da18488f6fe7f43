using System.Collections.Immutable;
using Weir.Compiler.Model.Transition;
using Weir.Compiler.Rings.Transition;
using Xunit;

namespace Weir.Compiler.Tests.Model.Transition;

/// <summary>The rules one by one.</summary>
public sealed class TransitionModelTests
{
    private const int Old = 1, New = 2, Third = 3, Now = 100;

    private static readonly RingSlot Transition = new(New, Old, Consult: true), Consult = new(New, New, Consult: true);

    private readonly RecordTable table = new(1);

    private readonly TransitionModel model;

    public TransitionModelTests() => model = new TransitionModel(table) { Backends = Of((Old, BackendTakes.Existing), (New, BackendTakes.Active), (Third, BackendTakes.Active)) };

    [Fact]
    public void Slots_and_records_are_words()
    {
        RingSlot slot = new(0x1234, 0x7ffe, Consult: true);
        Assert.Equal(slot, RingSlot.Decode(slot.Encode()));
        Assert.Equal(0x1234u | (0x7ffeu << 15) | (1u << 30), slot.Encode());
        FlowRecord record = new(0xdeadbeef, 0x7ffe, 0x1abc, Tentative: true, Closing: false, Replica: true);
        Assert.Equal(record, FlowRecord.Decode(record.Encode()));
        Assert.Equal(0xdeadbeeful | (0x7ffeul << 32) | (0x1abcul << 47) | (0b1101ul << 60), record.Encode());
        Assert.Null(FlowRecord.Decode(0));
        Assert.Equal(5, new FlowRecord(0, 0, 8190).Age(3));
    }

    [Fact]
    public void A_settled_slot_asks_nobody()
    {
        foreach (FlowSignal signal in Enum.GetValues<FlowSignal>())
        {
            Assert.Equal(New, model.Choose(RingSlot.Settled(New), 7, 0, signal, Now));
        }

        Assert.Empty(table.Records);
    }

    [Fact]
    public void New_flows_go_to_the_new_owner_and_leave_a_record()
    {
        Assert.Equal(New, model.Choose(Transition, 7, 0, FlowSignal.Begin, Now));
        Assert.Equal(new FlowRecord(7, New, Now, Tentative: true), table.Find(7, 0));
        Assert.Equal(New, model.Choose(Transition, 7, 0, FlowSignal.Data, Now + 1));
        Assert.Equal(new FlowRecord(7, New, Now + 1), table.Find(7, 0));
        Assert.Equal(New, model.Choose(Transition with { Current = Third }, 7, 0, FlowSignal.Begin, Now + 1));
    }

    /// <summary>0 is what a free way holds.</summary>
    [Fact]
    public void A_flow_whose_hash_is_nought_has_a_record_too()
    {
        Assert.Equal(New, model.Choose(Transition, 0, 0, FlowSignal.Begin, Now));
        Assert.Equal(New, model.Choose(Transition, 0, 0, FlowSignal.Data, Now));
        Assert.Equal(new FlowRecord(1, New, Now), Assert.Single(table.Records));
    }

    [Fact]
    public void Old_flows_are_adopted_and_stay_after_the_flip()
    {
        Assert.Equal(Old, model.Choose(Transition, 7, 0, FlowSignal.Data, Now));
        Assert.Equal(new FlowRecord(7, Old, Now, Tentative: true), table.Find(7, 0));
        Assert.Equal(Old, model.Choose(Consult, 7, 0, FlowSignal.Data, Now + 1));
        Assert.Equal(New, model.Choose(Consult, 8, 0, FlowSignal.Data, Now + 1));
        Assert.Equal(New, model.Choose(Consult, 9, 0, FlowSignal.Begin, Now + 1));
        Assert.Single(table.Records);
    }

    [Fact]
    public void A_flow_that_begins_anew_may_go_elsewhere()
    {
        model.Choose(Transition, 7, 0, FlowSignal.Data, Now);
        Assert.Equal(New, model.Choose(Transition, 7, 0, FlowSignal.Begin, Now));
        model.Choose(Transition, 7, 0, FlowSignal.End, Now);
        Assert.True(table.Find(7, 0)!.Closing);
        Assert.Equal(Third, model.Choose(Transition with { Current = Third }, 7, 0, FlowSignal.Begin, Now));
        Assert.Equal(new FlowRecord(7, Third, Now, Tentative: true), table.Find(7, 0));
    }

    [Fact]
    public void Without_room_new_flows_go_to_the_old_owner()
    {
        for (uint flow = 1; flow <= RecordTable.Ways; flow++)
        {
            Assert.Equal(New, model.Choose(Transition, flow, 0, FlowSignal.Begin, Now));
        }

        Assert.Equal(0, table.Pressure);
        Assert.Equal(Old, model.Choose(Transition, 100, 0, FlowSignal.Begin, Now + 1));
        Assert.Equal(1, table.Pressure);
        Assert.Equal(New, model.Choose(Transition, 101, 0, FlowSignal.Begin, Now + 2));
        Assert.Equal(2, table.Pressure);
        Assert.Null(table.Find(1, 0));

        model.Backends = Of((Old, BackendTakes.None), (New, BackendTakes.Active));
        for (uint flow = 2; flow <= RecordTable.Ways; flow++)
        {
            model.Choose(Transition, flow, 0, FlowSignal.Data, Now + 2);
        }

        Assert.Equal(New, model.Choose(Transition, 102, 0, FlowSignal.Begin, Now + 3));
        Assert.Equal(1, model.RefusedDown[Old]);
    }

    [Fact]
    public void What_is_confirmed_or_young_is_not_displaced_and_what_closes_is_before_what_is_tentative()
    {
        for (uint flow = 1; flow <= RecordTable.Ways; flow++)
        {
            model.Choose(Transition, flow, 0, FlowSignal.Begin, Now);
            model.Choose(Transition, flow, 0, flow == 5 ? FlowSignal.End : FlowSignal.Data, Now);
        }

        Assert.False(table.Put(new FlowRecord(100, New, Now), 0, Now + 2));
        Assert.True(table.Put(new FlowRecord(101, New, Now), 0, Now + 3));
        Assert.Null(table.Find(5, 0));
    }

    [Fact]
    public void A_backend_that_is_down_keeps_its_record_and_gets_nothing()
    {
        model.Choose(Transition, 7, 0, FlowSignal.Data, Now);
        model.Backends = Of((Old, BackendTakes.None), (New, BackendTakes.Active));
        Assert.Equal(New, model.Choose(Transition, 7, 0, FlowSignal.Data, Now));
        Assert.Equal(New, model.Choose(Transition, 8, 0, FlowSignal.Data, Now));
        model.Backends = Of((Old, BackendTakes.Existing), (New, BackendTakes.Active));
        Assert.Equal(Old, model.Choose(Transition, 7, 0, FlowSignal.Data, Now));
        Assert.Equal(Old, model.Choose(Transition, 8, 0, FlowSignal.Data, Now));
    }

    [Fact]
    public void Errors_are_told_whose_they_are_and_change_nothing()
    {
        Assert.Equal(Old, model.Choose(Transition, 7, 0, FlowSignal.Error, Now));
        Assert.Empty(table.Records);
        model.Choose(Transition, 7, 0, FlowSignal.Begin, Now);
        Assert.Equal(New, model.Choose(Transition, 7, 0, FlowSignal.Error, Now + 9));
        Assert.Equal(new FlowRecord(7, New, Now, Tentative: true), table.Find(7, 0));
    }

    [Fact]
    public void Slots_go_through_transition_and_consulting_to_settled()
    {
        SlotState slot = SlotState.Settled(Old).Give(New, 1000);
        Assert.Equal(new SlotState(Transition, 1000), slot);
        Assert.Equal(new SlotState(Transition with { Current = Third }, 1000), slot.Give(Third, 2000));
        Assert.Equal(new RingSlot(Old, Old, Consult: true), slot.Give(Third, 2000).Give(Old, 3000).Slot);
        Assert.Equal(slot, slot.Flip(4599, 3600));
        Assert.Equal(slot, slot.Flip(4600, 3600, pressure: 1001));
        SlotState flipped = slot.Flip(4600, 3600);
        Assert.Equal(Consult, flipped.Slot);
        Assert.Equal(flipped, flipped.Settle(strangers: true));
        Assert.Equal(SlotState.Settled(New), flipped.Settle(strangers: false));
        Assert.Equal(slot, slot.Settle(strangers: false));
        Assert.Equal(new SlotState(new RingSlot(Third, New, Consult: true), 5000), flipped.Give(Third, 5000));
        Assert.Equal(Consult, SlotState.Settled(Old).Give(New, 1000, removed: true).Slot);
        Assert.Equal(Consult, slot.Forget(Old).Slot);
        Assert.Equal(new RingSlot(Old, Old, Consult: true), slot.Give(Old, 2000).Slot);
        Assert.Equal(new SlotState(new RingSlot(Old, New, Consult: true), 2000), slot.Give(Old, 2000, refused: true));
    }

    [Fact]
    public void A_sweep_keeps_what_somebody_needs()
    {
        FlowRecord foreign = new(7, Old, 0), own = new(7, New, 0);
        Assert.True(Drops(foreign, RingSlot.Settled(New), 0));
        Assert.False(Drops(foreign, Consult, 1799));
        Assert.True(Drops(foreign, Consult, 1801));
        Assert.True(Drops(own, Consult, 0));
        Assert.False(Drops(own, Transition, 0));
        Assert.True(Drops(foreign with { Closing = true }, Transition, 15));
        Assert.False(Drops(foreign with { Closing = true }, Transition, 14));
        Assert.True(Drops(own with { Tentative = true }, Transition, 15));
        Assert.False(Drops(foreign with { Tentative = true }, Transition, 15));
        Assert.True(RecordSweep.Drops(foreign, Transition, removed: true, 7200, 0));

        static bool Drops(FlowRecord record, RingSlot slot, int now) => RecordSweep.Drops(record, slot, removed: false, 7200, now);
    }

    private static ImmutableDictionary<int, BackendTakes> Of(params (int Id, BackendTakes Flags)[] backends) => backends.ToImmutableDictionary(b => b.Id, b => b.Flags);
}
