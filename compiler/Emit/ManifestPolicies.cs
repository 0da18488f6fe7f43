using System.Collections.Immutable;
using System.Net;
using Weir.Compiler.Planning;
using Weir.Compiler.Topologies;

namespace Weir.Compiler.Emit;

/// <summary>What a manifest says of a VIP's flows, written and read back.</summary>
internal static class ManifestPolicies
{
    public static ManifestVip With(this ManifestVip vip, VipPlan plan, ImmutableArray<PoolPlan> pools) => vip with
    {
        Hash = plan.Hash == HashPolicy.FiveTuple ? null : HashText.Format(plan.Hash),
        Allow = Texts(plan.Sources.Allow),
        Deny = Texts(plan.Sources.Deny),
        Routes = plan.Routes.IsEmpty ? default : [.. plan.Routes.Select(r => new ManifestRoute(r.Source.ToString(), pools[r.Pool].Name))],
    };

    /// <param name="pools">Numbers by name.</param>
    public static VipPlan With(this VipPlan plan, ManifestVip vip, Dictionary<string, int> pools) => plan with
    {
        Hash = vip.Hash is null ? HashPolicy.FiveTuple : HashText.Parse(vip.Hash) ?? throw new FormatException($"{vip.Hash} is no hash policy."),
        Sources = new SourceLists([.. Some(vip.Allow).Select(p => IPNetwork.Parse(p))], [.. Some(vip.Deny).Select(p => IPNetwork.Parse(p))]),
        Routes = [.. Some(vip.Routes).Select(r => (IPNetwork.Parse(r.Source), pools[r.Pool]))],
    };

    public static IEnumerable<string> Problems(Manifest manifest, ManifestVip vip) =>
    [
        .. vip.Hash is { } hash && HashText.Parse(hash) is null ? [$"VIP {vip.Name}: {hash} is no hash policy."] : Array.Empty<string>(),
        .. Some(vip.Allow).Concat(Some(vip.Deny)).Concat(Some(vip.Routes).Select(r => r.Source))
            .Where(p => !IPNetwork.TryParse(p, out _)).Select(p => $"VIP {vip.Name}: {p} is no prefix."),
        .. Some(vip.Routes).Where(r => !manifest.Pools.Any(p => p.Name == r.Pool)).Select(r => $"VIP {vip.Name}: there is no pool {r.Pool}."),
    ];

    private static ImmutableArray<string> Texts(ImmutableArray<IPNetwork> prefixes) => prefixes.IsEmpty ? default : [.. prefixes.Select(p => p.ToString())];

    /// <summary>An array that the manifest leaves out where it is empty.</summary>
    private static ImmutableArray<T> Some<T>(ImmutableArray<T> array) => array.IsDefault ? [] : array;
}
