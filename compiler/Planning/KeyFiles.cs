using System.Collections.Immutable;

namespace Weir.Compiler.Planning;

/// <summary>The key files of a site's encrypted connection ids. A key's number in the program is its place here.</summary>
public static class KeyFiles
{
    /// <summary>At most so many: a config's entry in the tables has four bits for its key's number, of which 0 is none.</summary>
    public const int Limit = 15;

    /// <returns>Paths on the hosts, sorted, each once.</returns>
    public static ImmutableArray<string> Of(SitePlan plan) =>
    [
        .. plan.Pools.SelectMany(pool => pool.Quic?.Configs ?? []).Select(config => config.KeyFile).OfType<string>()
            .Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal),
    ];
}
