using Weir.Compiler.Diagnostics;
using Weir.Compiler.Topologies;

namespace Weir.Compiler.Explain;

/// <summary>Which part of a topology says what the outer source is.</summary>
internal sealed record SourceScope(string Name, SourceSpan Position, OuterSource Source)
{
    /// <summary>The narrowest that names one of the outer family: backend, pool at the site, pool, site.</summary>
    public static SourceScope Of(Site site, Pool pool, Backend backend, bool outerV6)
    {
        IEnumerable<(string Name, EncapsulationOverride? Said)> overrides =
        [
            ($"pools.{pool.Name}.backends.{backend.Name}.encapsulation", backend.Encapsulation),
            ($"pools.{pool.Name}.sites.{site.Name}.encapsulation", pool.Sites.GetValueOrDefault(site.Name)?.Encapsulation),
            ($"pools.{pool.Name}.encapsulation", pool.Encapsulation),
        ];
        foreach ((string name, EncapsulationOverride? said) in overrides)
        {
            if ((outerV6 ? said?.SourceV6 : said?.SourceV4) is { } source)
            {
                return new SourceScope(name, said!.Position, source);
            }
        }

        OuterSource? own = outerV6 ? site.Encapsulation.SourceV6 : site.Encapsulation.SourceV4;
        return new SourceScope(
            $"sites.{site.Name}.encapsulation",
            site.Encapsulation.Position,
            own ?? throw new InvalidOperationException($"Site {site.Name} has no source address of its backends' family."));
    }
}

/// <summary>How a backend stands to what its pool prefers at a site.</summary>
internal static class PreferenceText
{
    /// <summary>Null where the pool prefers nobody.</summary>
    public static string? Of(Pool pool, string site, bool preferred)
    {
        Preference prefer = pool.Sites.GetValueOrDefault(site)?.Prefer ?? pool.Prefer;
        if (!prefer.Local && prefer.Labels.IsEmpty)
        {
            return null;
        }

        string wish = prefer.Local ? "prefer: local" : $"prefer: {{ labels: {{ {string.Join(", ", prefer.Labels.Select(l => $"{l.Key}: {l.Value}"))} }} }}";
        return preferred ? $"preferred by `{wish}`" : $"`{wish}` is met by no active backend, so all take part";
    }
}
