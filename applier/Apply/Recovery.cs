using System.Globalization;
using Weir.Applier.Generations;
using Weir.Applier.State;
using Weir.Compiler.Emit;

namespace Weir.Applier.Apply;

/// <summary>Brings state directory and pins in step with the link after a process was killed: what was committed is finished,
/// what was not is removed. Without a kill it changes nothing.</summary>
public static class Recovery
{
    /// <returns>What was found and done, for a person; null when all was in order.</returns>
    public static string? Run(InterfaceState state, Pins pins, LiveState live)
    {
        string? done = FinishStores(state, pins, live) ?? FinishSwap(state, pins, live);
        Discard(state, pins, live);
        return done;
    }

    /// <summary>Adds the old instance's final counters to the base of the one that took its place.</summary>
    public static void KeepCounters(InterfaceState state, Pins pins, GenerationRecord next)
    {
        if (next.BaseFrom is not int from)
        {
            return;
        }

        CounterBase total = CounterBase.Empty;
        if (LastOn(state, from) is { } record)
        {
            Manifest manifest = state.Manifest(record.Number);
            using Instance? old = Instance.OpenPinned(pins, from, [Counters.Section]);
            total = old is null ? record.Base : new Counters(old.Map(Counters.Section), record.Counters).Totals(manifest, record);
        }

        state.Rewrite(next with { BaseFrom = null, Base = total });
    }

    private static string? FinishStores(InterfaceState state, Pins pins, LiveState live)
    {
        if (state.Redo() is not { } redo)
        {
            return null;
        }

        if (redo.Instance == live.Instance && state.Record(redo.To) is not null)
        {
            using Instance? instance = Instance.OpenPinned(pins, redo.Instance, redo.Stores.Select(store => store.Section).Distinct(StringComparer.Ordinal));
            if (instance is not null)
            {
                StoreRun.Execute(instance, redo.Stores);
                StoreRun.Compare(instance, redo.Stores);
                state.MakeCurrent(redo.To);
                state.RemoveRedo();
                return string.Create(CultureInfo.InvariantCulture, $"finished generation {redo.To}, whose stores were interrupted");
            }
        }

        state.RemoveRedo();
        return string.Create(CultureInfo.InvariantCulture, $"dropped generation {redo.To}, whose maps are gone");
    }

    private static string? FinishSwap(InterfaceState state, Pins pins, LiveState live)
    {
        if (live.Instance is not int instance
            || (state.Current is int current && state.Record(current)?.Instance == instance)
            || state.Record(instance) is not { } record)
        {
            return null;
        }

        KeepCounters(state, pins, record);
        state.MakeCurrent(instance);
        return string.Create(CultureInfo.InvariantCulture, $"finished generation {instance}, whose swap was interrupted");
    }

    private static void Discard(InterfaceState state, Pins pins, LiveState live)
    {
        foreach (int number in pins.Instances.Where(number => number != live.Instance))
        {
            pins.Unpin(number);
        }

        int current = state.Current ?? 0;
        foreach (int number in state.Numbers.Where(number => number > current))
        {
            state.Forget(number);
        }
    }

    /// <summary>The last generation that ran on an instance before another took over: the current one, until it is renamed.</summary>
    private static GenerationRecord? LastOn(InterfaceState state, int instance) =>
        state.Current is int current && state.Record(current) is { } record && record.Instance == instance ? record : null;
}
