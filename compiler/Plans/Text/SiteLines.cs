using System.Collections.Immutable;
using Weir.Compiler.Diagnostics;

namespace Weir.Compiler.Plans.Text;

/// <summary>A site's part of a plan as lines, without the site's name: sites that say the same are shown once.</summary>
internal static class SiteLines
{
    private const int MostPairs = 6;
    private const int MostVips = 8;
    private const int MostServices = 6;

    public static ImmutableArray<PlanLine> Of(SiteChange site, string root) =>
    [
        .. Objects(site.Objects, root),
        .. Traffic(site),
        .. Machine(site),
    ];

    public static IEnumerable<PlanLine> Objects(ImmutableArray<ObjectChange> objects, string root)
    {
        string? parent = null;
        foreach (ObjectChange change in objects)
        {
            bool part = change.Parent is not null && change.Kind == ObjectKind.Backend;
            if (part && parent != change.Parent)
            {
                yield return new PlanLine(' ', 0, change.Parent!.Replace("pools.", "pool ", StringComparison.Ordinal));
            }

            parent = change.Kind == ObjectKind.Pool ? change.Path : change.Parent;
            string name = change.Was is { } was ? $"{change.Name} (was {was})" : change.Name;
            string attributes = PlanWords.Attributes(change.Attributes, change.Action);
            string kind = change.Kind is ObjectKind.Topology ? "" : change.Kind is ObjectKind.Vip ? "VIP " : change.Kind.ToString().ToLowerInvariant() + " ";
            yield return new PlanLine(
                Mark(change.Action), part ? 2 : 0, attributes.Length == 0 ? kind + name : $"{kind}{name}: {attributes}", PlanWords.Position(change.Position, root), change.Reason ?? "");
        }
    }

    private static char Mark(ChangeAction action) => action switch
    {
        ChangeAction.Add => '+',
        ChangeAction.Remove => '-',
        ChangeAction.Change => '~',
        _ => ' ',
    };

    private static IEnumerable<PlanLine> Traffic(SiteChange site)
    {
        List<PlanLine> lines = [];
        bool resets = false;
        foreach (IGrouping<int, VipTraffic> group in site.Traffic.Where(t => t.Move is not null).GroupBy(t => t.Move!.Value).OrderBy(g => g.Key))
        {
            PoolMove move = site.Moves[group.Key];
            lines.Add(new PlanLine(' ', 2, $"{Vips([.. group.Select(t => t.Vip)])} ({Pools(move)}): {Moved(move, site)}"));
            lines.AddRange(Pairs(move));
            resets = true;
        }

        foreach (VipTraffic traffic in site.Traffic)
        {
            foreach (RoutedMove route in traffic.Routes)
            {
                PoolMove move = site.Moves[route.Move];
                lines.Add(new PlanLine(' ', 2, $"VIP {traffic.Vip}, sources {PlanWords.Few(route.Sources, MostServices)} ({Pools(move)}): {Moved(move, site)}"));
                lines.AddRange(Pairs(move));
                resets = true;
            }

            if (!traffic.Denied.IsEmpty)
            {
                lines.Add(new PlanLine('-', 2, $"VIP {traffic.Vip} denies sources {PlanWords.Few(traffic.Denied, MostServices)} from now on: connections from there end"));
            }

            if (!traffic.Admitted.IsEmpty)
            {
                lines.Add(new PlanLine('+', 2, $"VIP {traffic.Vip} serves sources {PlanWords.Few(traffic.Admitted, MostServices)} from now on"));
            }

            foreach (TakenOver taken in traffic.TakenOver)
            {
                PoolMove? move = taken.Move is { } index ? site.Moves[index] : null;
                lines.Add(new PlanLine(
                    ' ', 2, $"VIP {traffic.Vip} takes over {PlanWords.Few(taken.Services, MostServices)} from {taken.From}: {(move is null ? "its flows stay" : $"{Pools(move)}, {Moved(move, site)}")}"));
                lines.AddRange(move is null ? [] : Pairs(move));
                resets |= move is not null;
            }

            bool whole = site.Objects.Any(o => o.Kind == ObjectKind.Vip && o.Name == traffic.Vip && o.Action is ChangeAction.Add);
            if (!traffic.Added.IsEmpty && !whole)
            {
                lines.Add(new PlanLine('+', 2, $"VIP {traffic.Vip} serves {PlanWords.Few(traffic.Added, MostServices)} from now on"));
            }

            if (!traffic.Withdrawn.IsEmpty)
            {
                lines.Add(new PlanLine('-', 2, $"VIP {traffic.Vip} no longer serves {PlanWords.Few(traffic.Withdrawn, MostServices)}: connections to it end"));
            }
        }

        if (lines.Count > 0)
        {
            yield return new PlanLine(' ', 0, "flows");
            foreach (PlanLine line in lines)
            {
                yield return line;
            }

            if (resets)
            {
                yield return new PlanLine(' ', 2, "Connections that move are reset; all others stay with their backend.");
            }
        }
    }

    private static string Vips(ImmutableArray<string> vips) => $"{(vips.Length == 1 ? "VIP" : "VIPs")} {PlanWords.Few(vips, MostVips)}";

    private static string Pools(PoolMove move) => move.PoolBefore == move.PoolAfter ? $"pool {move.PoolAfter}" : $"pool {move.PoolBefore} -> {move.PoolAfter}";

    private static string Moved(PoolMove move, SiteChange site)
    {
        string exact = move.Exact ? "of the hash space moves" : "of the hash space is expected to move, for all flows are hashed anew";
        return $"{PlanWords.Percent(move.MovedPpm)} {exact}, at most {PlanWords.Number(Share.Of(site.MaxFlows, move.Moved, move.Slots))} of {PlanWords.Number(site.MaxFlows)} live flows";
    }

    private static IEnumerable<PlanLine> Pairs(PoolMove move)
    {
        foreach (MovePair pair in move.Pairs.Take(MostPairs))
        {
            yield return new PlanLine(' ', 4, $"{pair.From ?? "(nobody)"} -> {pair.To ?? "(nobody: dropped)"}  {PlanWords.Percent(Share.Ppm(pair.Slots, move.Slots))}");
        }

        if (move.Pairs.Length > MostPairs)
        {
            yield return new PlanLine(
                ' ', 4, $"{PlanWords.Count(move.Pairs.Length - MostPairs, "smaller move")}  {PlanWords.Percent(Share.Ppm(move.Pairs.Skip(MostPairs).Sum(p => p.Slots), move.Slots))}");
        }
    }

    /// <summary>What the change costs the host. Nothing where nothing is loaded; what stays as it was takes one line.</summary>
    private static IEnumerable<PlanLine> Machine(SiteChange site)
    {
        PathBudget[] same = [.. site.Paths.Where(p => p.Before is not null && p.Before == p.After)];
        if (site.Kind == KindOfChange.None && site.MapsBefore == site.MapsAfter && same.Length == site.Paths.Length)
        {
            yield break;
        }

        if (site.MapsAfter is { } after)
        {
            string from = site.MapsBefore is { } before && before != after ? $"{Bytes.Text(before.Total)} -> " : "";
            string asBefore = site.MapsBefore == after ? ", as before" : "";
            yield return new PlanLine(' ', 0, $"maps: {from}{Bytes.Text(after.Total)} on a host with {MapBytes.Cpus} CPUs{asBefore}");
        }

        if (same.Length > 0)
        {
            string paths = string.Join("; ", same.Select(p => $"{p.Path}: {p.After!.Inner} bytes, TCP MSS {p.After.Mss}"));
            yield return new PlanLine(' ', 0, $"largest packets, as before: {paths}");
        }

        foreach (PathBudget path in site.Paths.Except(same))
        {
            string room = (path.Before, path.After) switch
            {
                ({ } b, { } a) => $"{b.Inner} -> {a.Inner} bytes, TCP MSS {b.Mss} -> {a.Mss}",
                (null, { } a) => $"{a.Inner} bytes, TCP MSS {a.Mss} (new)",
                _ => "no longer used",
            };
            yield return new PlanLine(' ', 0, $"largest packet, {path.Path}: {room}");
        }

        if (site.Costs is { } costs)
        {
            yield return new PlanLine(' ', 0, $"program: {Costs(costs)}");
        }
    }

    private static string Costs(SiteCosts costs)
    {
        string[] known =
        [
            .. Cost("instructions", costs.Before?.Instructions, costs.After?.Instructions),
            .. Cost("JITed bytes", costs.Before?.JitedBytes, costs.After?.JitedBytes),
            .. Cost("verified instructions", costs.Before?.VerifiedInstructions, costs.After?.VerifiedInstructions),
            .. costs.After?.NsPerPacket is { } ns ? [FormattableString.Invariant($"{(costs.Before?.NsPerPacket is { } was ? FormattableString.Invariant($"{was:0.#} -> ") : "")}{ns:0.#} ns per packet")] : Array.Empty<string>(),
        ];
        string? why = costs.After?.Why ?? costs.Before?.Why;
        string missing = why is null ? "" : PlainText.Of(why);
        return known.Length == 0 ? $"not measured: {missing}" : string.Join(", ", known) + (missing.Length > 0 ? $" ({missing})" : "");
    }

    private static IEnumerable<string> Cost(string what, long? before, long? after) => after is null ? []
        : [before is { } was && was != after ? $"{PlanWords.Number(was)} -> {PlanWords.Number(after.Value)} {what}" : $"{PlanWords.Number(after.Value)} {what}"];
}
