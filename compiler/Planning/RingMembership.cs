using System.Collections.Immutable;
using Weir.Compiler.Topologies;

namespace Weir.Compiler.Planning;

/// <summary>Which backends of a pool take new flows at a site. Checks, plans and gates all ask here.</summary>
public static class RingMembership
{
    /// <summary>Those with slots: active, of weight above 0, and preferred; where none of these is preferred, all of them. In the pool's order.</summary>
    /// <param name="site">Name of the site.</param>
    public static ImmutableArray<Backend> Of(Pool pool, string site)
    {
        ImmutableArray<Backend> takers = [.. pool.Backends.Where(b => b is { State: BackendState.Active, Weight: > 0 })];
        Preference preference = PreferenceAt(pool, site);
        ImmutableArray<Backend> preferred = [.. takers.Where(b => IsPreferred(preference, b, site))];
        return preferred.IsEmpty ? takers : preferred;
    }

    /// <summary>What the pool prefers at the site: what it says of the site, else of all.</summary>
    public static Preference PreferenceAt(Pool pool, string site) => pool.Sites.GetValueOrDefault(site)?.Prefer ?? pool.Prefer;

    /// <summary>Whether the backend, in whatever state, is one that the preference takes first. Without a preference every one is.</summary>
    public static bool IsPreferred(Preference preference, Backend backend, string site) =>
        (!preference.Local || backend.Site == site)
        && preference.Labels.All(label => backend.Labels.TryGetValue(label.Key, out string? value) && value == label.Value);

    /// <summary>Whether another site may have other members.</summary>
    public static bool DependsOnSite(Pool pool) => pool.Prefer.Local || pool.Sites.Values.Any(at => at.Prefer is not null);
}
