using System.Collections.Immutable;
using System.Net;
using Weir.Compiler.Topologies;

namespace Weir.Compiler.Plans.Objects;

/// <summary>What becomes of a pool's backends; the same at every site.</summary>
/// <param name="Unchanged">Backends that stay as they are.</param>
internal sealed record PoolDiff(Pool? Before, Pool? After, ImmutableArray<ObjectChange> Backends, int Unchanged)
{
    public static PoolDiff Between(Pool? before, Pool? after)
    {
        string pool = (after ?? before)!.Name;
        Dictionary<IPAddress, Backend> byAddress = before?.Backends.ToDictionary(b => b.Address) ?? [];
        List<ObjectChange> changes = [];
        List<Backend> unmatched = [];
        int unchanged = 0;
        foreach (Backend now in after?.Backends ?? [])
        {
            // A backend is its pool and address: under another name it is the same.
            if (!byAddress.Remove(now.Address, out Backend? old))
            {
                unmatched.Add(now);
            }
            else if (Same(old, now))
            {
                unchanged++;
            }
            else
            {
                changes.Add(Changed(pool, old, now));
            }
        }

        Dictionary<string, Backend> byName = byAddress.Values.ToDictionary(b => b.Name, StringComparer.Ordinal);
        foreach (Backend now in unmatched)
        {
            changes.Add(byName.Remove(now.Name, out Backend? old) ? Changed(pool, old, now) : Added(pool, now));
        }

        changes.AddRange(byName.Values.Select(old => Removed(pool, old)));
        return new PoolDiff(before, after, [.. changes.OrderBy(c => c.Name, StringComparer.Ordinal).ThenBy(c => c.Action)], unchanged);
    }

    private static ObjectChange Changed(string pool, Backend old, Backend now)
    {
        bool renamed = old.Name != now.Name;
        string? reason =
            !old.Address.Equals(now.Address) ? "another address is another backend: its connections are reset"
            : old.State != now.State ? Meaning(now.State)
            : old.Weight != now.Weight ? now.Weight == 0 ? "without weight it takes no new flows" : now.Weight > old.Weight ? "takes a larger share" : "takes a smaller share"
            : renamed ? "renamed: the same address, its flows stay"
            : null;
        return Backend(pool, ChangeAction.Change, now, AttributeDiff.Between(Attributes.Of(old), Attributes.Of(now)), reason) with { Was = renamed ? old.Name : null };
    }

    private static ObjectChange Added(string pool, Backend now) => Backend(
        pool,
        ChangeAction.Add,
        now,
        AttributeDiff.Added(Attributes.Of(now)),
        now.State != BackendState.Active ? Meaning(now.State) : now.Weight == 0 ? "without weight it takes no new flows" : null);

    private static ObjectChange Removed(string pool, Backend old) => Backend(pool, ChangeAction.Remove, old, AttributeDiff.Removed(Attributes.Of(old)), null);

    private static ObjectChange Backend(string pool, ChangeAction action, Backend backend, ImmutableArray<AttributeChange> attributes, string? reason) => new(
        ObjectKind.Backend, action, $"pools.{pool}.backends.{backend.Name}", backend.Name, $"pools.{pool}", null, attributes, backend.Position, reason);

    private static string Meaning(BackendState state) => state switch
    {
        BackendState.Drain => "drained: takes no new flows",
        BackendState.Down => "down: takes no packets",
        _ => "takes new flows again",
    };

    private static bool Same(Backend a, Backend b) =>
        a.Name == b.Name && a.Weight == b.Weight && a.State == b.State && a.Site == b.Site
        && a.ServerId == b.ServerId
        && Equals(a.Mac, b.Mac)
        && a.Port == b.Port
        && a.Labels.SequenceEqual(b.Labels)
        && Equals(a.Encapsulation, b.Encapsulation is { } e ? e with { Position = a.Encapsulation?.Position ?? e.Position } : null);
}
