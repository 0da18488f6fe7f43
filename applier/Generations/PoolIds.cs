using System.Collections.Immutable;

namespace Weir.Applier.Generations;

/// <summary>The host's own ids of a pool's backends.</summary>
/// <param name="Ids">By identity (16 hex digits), sorted.</param>
public sealed record PoolIds(string Pool, ImmutableSortedDictionary<string, int> Ids)
{
    /// <summary>Highest id there can be: the values above it are reserved in wide rings.</summary>
    public const int Highest = 32_766;

    public static ImmutableSortedDictionary<string, int> None { get; } =
        ImmutableSortedDictionary.Create<string, int>(StringComparer.Ordinal);
}
