using System.Net.Sockets;
using Weir.Compiler.Binding;
using Weir.Compiler.Topologies;

namespace Weir.Compiler.Checks;

/// <summary>What holds where several places say something of encapsulation: key by key and family by family, the narrowest.</summary>
internal static class EffectiveEncapsulation
{
    /// <summary>All that is said for one backend, the narrowest first.</summary>
    public static IReadOnlyList<BoundEncapsulation> Chain(BoundSite site, BoundPool pool, BoundBackend backend) =>
    [
        .. new[] { backend.Encapsulation, pool.Sites.FirstOrDefault(s => s.Site.Value == site.Name)?.Encapsulation, pool.Encapsulation }.OfType<BoundEncapsulation>(),
        .. site.Encapsulations,
    ];

    /// <summary>Every place that says something of encapsulation; <c>defaults</c> again for every site that looks to it.</summary>
    public static IEnumerable<BoundEncapsulation> Encapsulations(this BoundTopology topology) => topology.Sites
        .SelectMany(s => s.Encapsulations)
        .Concat(new[] { topology.Defaults.Encapsulation }
            .Concat(topology.Pools.SelectMany(p => p.Sites.Select(s => s.Encapsulation).Append(p.Encapsulation).Concat(p.Backends.Select(b => b.Encapsulation))))
            .OfType<BoundEncapsulation>());

    public static Located<EncapsulationType>? TypeOf(IEnumerable<BoundEncapsulation> chain) =>
        chain.Select(e => e.Type).FirstOrDefault(t => t is not null);

    /// <summary>Those of the chain whose options hold: a wider place of another type is forgotten, and all beyond it.</summary>
    public static IReadOnlyList<BoundEncapsulation> WithOptions(IReadOnlyList<BoundEncapsulation> chain)
    {
        List<BoundEncapsulation> holding = [];
        Located<EncapsulationType>? type = null;
        foreach (BoundEncapsulation said in chain)
        {
            if (type is { } narrower && TypeOf(chain.Skip(holding.Count)) is { } here && here.Value != narrower.Value)
            {
                break;
            }

            holding.Add(said);
            type ??= said.Type;
        }

        return holding;
    }

    /// <summary>What the options add up to.</summary>
    public static EncapsulationOptions OptionsOf(IReadOnlyList<BoundEncapsulation> chain) =>
        WithOptions(chain).Reverse().SelectMany(e => e.Options).Aggregate(EncapsulationOptions.None, (options, option) => option.Set(options));

    public static Located<OuterSource>? SourceOf(IEnumerable<BoundEncapsulation> chain, AddressFamily family) =>
        chain.Select(e => e.Source(family)).FirstOrDefault(s => s is not null);

    public static Located<NextHop>? NextHopOf(BoundSite site, AddressFamily family) =>
        site.NextHops.Select(n => n.For(family)).FirstOrDefault(n => n is not null);
}
