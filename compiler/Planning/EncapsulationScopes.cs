using System.Collections.Immutable;
using Weir.Compiler.Topologies;

namespace Weir.Compiler.Planning;

/// <summary>Which encapsulation each backend has at a site: key by key and family by family, the narrowest scope that says something.</summary>
internal static class EncapsulationScopes
{
    /// <summary>The site's own.</summary>
    public static EncapsulationPlan Of(Site site) => Resolved(Said(site));

    /// <summary>The backend's over the pool's at the site over the pool's over the site's; options of a wider scope hold unless the type changes.</summary>
    public static EncapsulationPlan Of(Site site, Pool pool, Backend backend)
    {
        EncapsulationPlan result = Said(site);
        foreach (EncapsulationOverride? scope in new[] { pool.Encapsulation, pool.Sites.GetValueOrDefault(site.Name)?.Encapsulation, backend.Encapsulation })
        {
            if (scope is not null)
            {
                bool same = scope.Type is null || scope.Type == result.Type;
                result = new EncapsulationPlan(scope.Type ?? result.Type, scope.SourceV4 ?? result.SourceV4, scope.SourceV6 ?? result.SourceV6)
                {
                    Options = same ? result.Options.Under(scope.Options) : scope.Options,
                };
            }
        }

        return Resolved(result);
    }

    private static EncapsulationPlan Said(Site site) => new(site.Encapsulation.Type, site.Encapsulation.SourceV4, site.Encapsulation.SourceV6)
    {
        Options = site.Encapsulation.Options,
    };

    private static EncapsulationPlan Resolved(EncapsulationPlan said) => new(
        said.Type,
        EncapsulationKeys.HasSource(said.Type) ? said.SourceV4 : null,
        EncapsulationKeys.HasSource(said.Type) ? said.SourceV6 : null)
    {
        Options = EncapsulationKeys.Resolve(said.Type, said.Options),
    };

    /// <summary>Every encapsulation that is used, the site's own first, the others in order of first use; and for every pool and backend its index among them.</summary>
    /// <param name="pools">With their backends in dense order.</param>
    public static (ImmutableArray<EncapsulationPlan> All, ImmutableArray<ImmutableArray<int>> Index) Number(
        Site site, IEnumerable<(Pool Pool, ImmutableArray<Backend> Backends)> pools)
    {
        ImmutableArray<EncapsulationPlan>.Builder all = ImmutableArray.CreateBuilder<EncapsulationPlan>();
        Dictionary<EncapsulationPlan, int> numbers = [];
        NumberOf(Of(site));
        ImmutableArray<ImmutableArray<int>> index = [.. pools.Select(at => at.Backends.Select(b => NumberOf(Of(site, at.Pool, b))).ToImmutableArray())];
        return (all.ToImmutable(), index);

        int NumberOf(EncapsulationPlan encapsulation)
        {
            if (numbers.TryAdd(encapsulation, all.Count))
            {
                all.Add(encapsulation);
            }

            return numbers[encapsulation];
        }
    }
}
