using System.Collections.Immutable;
using System.Globalization;
using Spectre.Console;
using Weir.Lab.Accounting;
using Weir.Lab.Traffic;

namespace Weir.Lab.Quickstart;

/// <summary>Traffic without a change.</summary>
internal sealed record QuietResult(TrafficResult Traffic, FlowSlots Slots, Conservation Packets)
{
    /// <summary>Everything that went wrong: must be empty.</summary>
    public ImmutableArray<string> Wrong =>
    [
        .. Traffic.Tallies.SelectMany(tally => tally.Failures).Select(failure => $"{failure.Flow}: {failure.Reason}"),
        .. Traffic.Datagrams.Where(flow => flow.Lost > 0).Select(flow => $"{flow.Flow}: {flow.Lost} of {flow.Sent} datagrams lost"),
        .. Traffic.Kept.Where(kept => kept.Backend != Slots.BackendOf(kept.Flow)).Select(kept => $"{kept.Flow}: {kept.Backend} answered, the ring says {Slots.BackendOf(kept.Flow)}"),
        .. Packets.Holds ? ImmutableArray<string>.Empty : [$"packets lost: {Packets}"],
    ];
}

/// <summary>The last lines: what was shown, or what was not.</summary>
internal static class Verdict
{
    private const int Shown = 10;

    /// <returns>The exit code.</returns>
    public static int Print(IAnsiConsole console, QuietResult quiet, ChangeAccount change)
    {
        var wrong = quiet.Wrong.AddRange(Wrong(change));
        foreach (var line in wrong.Take(Shown))
        {
            console.MarkupLineInterpolated($"[red]not as it should be:[/] {line}");
        }

        if (wrong.Length > Shown)
        {
            console.MarkupLineInterpolated($"and {wrong.Length - Shown} more");
        }

        if (wrong.IsEmpty)
        {
            console.MarkupLineInterpolated(CultureInfo.InvariantCulture, $"[green]No packet was lost. The flows that the change hit are exactly those in the slots the compiler named: {change.Flows.Sum(flows => flows.Hit):N0} of {change.Flows.Sum(flows => flows.Flows):N0}. Short connections reset by it, all in those slots: {change.ShortReset:N0}.[/]");
        }

        return wrong.IsEmpty ? 0 : 1;
    }

    private static IEnumerable<string> Wrong(ChangeAccount change) =>
    [
        .. change.Other,
        .. change.Flows.SelectMany(flows => flows.Unnamed).Select(flow => $"{flow}: hit by the change, though the compiler did not name its slot"),
        .. change.Flows.SelectMany(flows => flows.Untouched).Select(flow => $"{flow}: not hit by the change, though the compiler named its slot"),
        .. change.DatagramsLost == 0 ? ImmutableArray<string>.Empty : [$"{change.DatagramsLost} of {change.DatagramsSent} datagrams lost during the change"],
        .. change.Packets.Holds ? ImmutableArray<string>.Empty : [$"packets lost during the change: {change.Packets}"],
    ];
}
