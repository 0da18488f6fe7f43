using System.Collections.Immutable;
using System.Net;
using Weir.Compiler.Diagnostics;
using Weir.Compiler.Topologies;

namespace Weir.Compiler.Binding;

internal sealed record BoundVip(string Name, SourceSpan Span)
{
    public required ImmutableArray<Located<IPAddress>> Addresses { get; init; }

    public required ImmutableArray<Located<IPNetwork>> Ranges { get; init; }

    /// <summary>Port sets written out: such a range is written in the set and used at the set's name.</summary>
    public required ImmutableArray<Located<PortRange>> Ports { get; init; }

    /// <summary>Names of port sets.</summary>
    public required ImmutableArray<Located<string>> PortSets { get; init; }

    public required Located<string>? Pool { get; init; }

    public required ImmutableArray<BoundVipAtSite> Sites { get; init; }

    public required Located<FragmentPolicy>? Fragments { get; init; }

    public required BoundPolicy Policy { get; init; }

    public required bool Protected { get; init; }

    public required HashPolicy Hash { get; init; }

    public required BoundSources Sources { get; init; }

    public required ImmutableArray<BoundRoute> Routes { get; init; }

    /// <summary>The pool at one of <see cref="Sites"/>.</summary>
    public Located<string>? PoolAt(BoundVipAtSite site) => site.Pool ?? Pool;

    /// <summary>Names of that pool and of those that routes name.</summary>
    public IEnumerable<string> PoolsAt(BoundVipAtSite site) =>
        Routes.Select(r => r.Pool).Prepend(PoolAt(site)).OfType<Located<string>>().Select(p => p.Value);
}

/// <param name="Pool">The pool that serves it there, where it is another.</param>
internal sealed record BoundVipAtSite(Located<string> Site, Located<string>? Pool);
