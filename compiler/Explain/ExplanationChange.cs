using System.Collections.Immutable;
using System.Globalization;
using Weir.Compiler.Planning;
using Weir.Compiler.Topologies;

namespace Weir.Compiler.Explain;

/// <summary>What another revision means for one packet.</summary>
public enum FlowChangeKind
{
    /// <summary>Every byte that is sent is the same, or what is decided is.</summary>
    Same,

    /// <summary>The same server, with another outer header.</summary>
    Rewrapped,

    /// <summary>Another server.</summary>
    Moves,

    /// <summary>Forwarded only now.</summary>
    Starts,

    /// <summary>Forwarded no longer.</summary>
    Stops,

    /// <summary>Forwarded neither before nor now, for another reason or with another answer.</summary>
    Otherwise,
}

/// <param name="Before">Null where the site is not in the earlier topology.</param>
/// <param name="Because">Causes in the order of a packet's way; empty where nothing changes for it.</param>
public sealed record ExplanationChange(FlowChangeKind Kind, Explanation? Before, Explanation After, ImmutableArray<string> Because)
{
    private const int MostBackends = 8;

    public static ExplanationChange Between(Explanation? before, Explanation after)
    {
        FlowChangeKind kind = KindOf(before, after);
        return new ExplanationChange(kind, before, after, kind == FlowChangeKind.Same ? [] : [.. Causes(before, after)]);
    }

    private static FlowChangeKind KindOf(Explanation? before, Explanation after)
    {
        bool was = before is { Outcome: Outcome.Forwarded };
        bool isNow = after is { Outcome: Outcome.Forwarded };
        bool same = before is not null && before.Outcome == after.Outcome && before.Verdict.Reason == after.Verdict.Reason
            && NextHop(before) == NextHop(after)
            && (after.Outcome == Outcome.Dropped || before.Verdict.Output.AsSpan().SequenceEqual(after.Verdict.Output.AsSpan()));
        return (was, isNow) switch
        {
            _ when same => FlowChangeKind.Same,
            (false, true) => FlowChangeKind.Starts,
            (true, false) => FlowChangeKind.Stops,
            (false, false) => FlowChangeKind.Otherwise,
            _ => before!.Backend!.Address.Equals(after.Backend!.Address) ? FlowChangeKind.Rewrapped : FlowChangeKind.Moves,
        };
    }

    private static IEnumerable<string> Causes(Explanation? before, Explanation after)
    {
        if (before is null)
        {
            return ["the site is new"];
        }

        IEnumerable<string?> causes =
        [
            Vip(before, after),
            Source(before, after),
            Pool(before.Ring, after.Ring),
            before.Ring is { } had && after.Ring is { } has && had.Policy != has.Policy ? $"vips.{after.Vip!.Name} hashes by {HashText.Format(has.Policy)}, and did by {HashText.Format(had.Policy)}" : null,
            before.Plan.HashKey == after.Plan.HashKey ? null : "the seed is another, so flows have other slots",
            .. Ring(before, after),
            Encapsulation(before.Encapsulation, after.Encapsulation),
            NextHops(before, after),
            before.Plan.Mtu == after.Plan.Mtu ? null : string.Create(CultureInfo.InvariantCulture, $"the site's MTU is {after.Plan.Mtu}, and was {before.Plan.Mtu}"),
            before.Plan.Unmatched == after.Plan.Unmatched || after.Ring is not null ? null : $"the site's `unmatched` is {after.Plan.Unmatched.ToString().ToLowerInvariant()}, and was {before.Plan.Unmatched.ToString().ToLowerInvariant()}",
        ];
        return causes.OfType<string>();
    }

    private static string? Vip(Explanation before, Explanation after) => (before.Vip, after.Vip) switch
    {
        ({ } was, { } now) when was.Name != now.Name => $"vips.{now.Name} serves it, and vips.{was.Name} did",
        (null, { } now) => $"vips.{now.Name} serves it, and no VIP did",
        ({ } was, null) => $"no VIP serves it, and vips.{was.Name} did",
        (null, null) when before.Others.IsEmpty != after.Others.IsEmpty =>
            after.Others.IsEmpty ? "its destination is a VIP's address no longer" : $"its destination is now an address of vips.{after.Others[0].Name}",
        _ => null,
    };

    private static string? Source(Explanation before, Explanation after) => (before.Source?.Denied ?? false, after.Source?.Denied ?? false) switch
    {
        (false, true) => $"the client {after.Source!.Client} is {after.Source.Listed}",
        (true, false) => $"the client {before.Source!.Client} was {before.Source.Listed}",
        _ => null,
    };

    private static string? Pool(RingStep? before, RingStep? after) =>
        before is null || after is null || before.Pool == after.Pool ? null : $"pools.{after.Pool} serves it by {after.Because}, and pools.{before.Pool} did";

    /// <summary>Why a ring of the same pool has another owner in the flow's slot.</summary>
    private static ImmutableArray<string> Ring(Explanation before, Explanation after)
    {
        if (before.Ring is not { } was || after.Ring is not { } now || was.Pool != now.Pool || before.Backend?.Identity == after.Backend?.Identity)
        {
            return [];
        }

        if (was.Slots != now.Slots)
        {
            return [string.Create(CultureInfo.InvariantCulture, $"the ring of pools.{now.Pool} has {now.Slots} slots, and had {was.Slots}")];
        }

        PoolPlan old = before.Plan.Pools.Single(p => p.Name == was.Pool);
        PoolPlan current = after.Plan.Pools.Single(p => p.Name == now.Pool);
        ImmutableArray<(BackendPlan Backend, string What)> changes = [.. Changes(old, current)];

        // Whoever the flow leaves or comes to is the cause where he changed himself; else all changes together moved the slot.
        ImmutableArray<string> own = [.. changes.Where(c => c.Backend.Identity == before.Backend?.Identity).Select(c => c.What)];
        ImmutableArray<string> chosen = own.Length > 0 ? own : [.. changes.Select(c => c.What)];
        return chosen.Length <= MostBackends
            ? chosen
            : [.. chosen.Take(MostBackends), string.Create(CultureInfo.InvariantCulture, $"and {chosen.Length - MostBackends} more changes of pools.{now.Pool}")];
    }

    private static IEnumerable<(BackendPlan Backend, string What)> Changes(PoolPlan before, PoolPlan after)
    {
        Dictionary<ulong, BackendPlan> now = after.Backends.ToDictionary(b => b.Identity);
        Dictionary<ulong, BackendPlan> was = before.Backends.ToDictionary(b => b.Identity);
        foreach (BackendPlan backend in before.Backends.OrderBy(b => b.Name, StringComparer.Ordinal))
        {
            if (!now.TryGetValue(backend.Identity, out BackendPlan? same))
            {
                yield return (backend, $"{backend.Name} ({backend.Address}) is gone");
            }
            else if (same.State != backend.State)
            {
                yield return (backend, $"{same.Name} is in state {State(same)}, and was in {State(backend)}");
            }
            else if (same.Weight != backend.Weight)
            {
                yield return (backend, string.Create(CultureInfo.InvariantCulture, $"{same.Name} has weight {same.Weight}, and had {backend.Weight}"));
            }
            else if (same.Preferred != backend.Preferred)
            {
                yield return (backend, same.Preferred ? $"{same.Name} is preferred, and was not" : $"{same.Name} is preferred no longer");
            }
        }

        foreach (BackendPlan backend in after.Backends.Where(b => !was.ContainsKey(b.Identity)).OrderBy(b => b.Name, StringComparer.Ordinal))
        {
            yield return (backend, $"{backend.Name} ({backend.Address}) is new");
        }
    }

    private static string State(BackendPlan backend) => backend.State.ToString().ToLowerInvariant();

    private static string? Encapsulation(EncapsulationStep? before, EncapsulationStep? after) =>
        before is null || after is null ? null
            : before.Plan.Type != after.Plan.Type ? $"the encapsulation is {EncapsulationKeys.Name(after.Plan.Type)}, and was {EncapsulationKeys.Name(before.Plan.Type)}"
            : before.Plan.Options != after.Plan.Options ? $"options of the encapsulation are {Options(after)}, and were {Options(before)}"
            : before.OuterV6 != after.OuterV6 || before.Source == after.Source ? null
            : $"the outer source is {AddressText.OfSource(after.Source)} by {after.Scope}, and was {AddressText.OfSource(before.Source)} by {before.Scope}";

    private static string Options(EncapsulationStep step) =>
        string.Join(' ', EncapsulationText.Options(step.Plan.Options).Select(o => $"{o.Key} {o.Value}"));

    private static string? NextHops(Explanation before, Explanation after)
    {
        (string? was, string? now) = (NextHop(before), NextHop(after));
        return was is null || now is null || was == now ? null : $"the next hop is {now}, and was {was}";
    }

    private static string? NextHop(Explanation explanation) =>
        explanation.Encapsulation?.Outer is { } outer ? outer.NextHop ?? outer.Gateway?.ToString() : null;
}
