using System.Collections.Immutable;
using System.Globalization;
using Weir.Compiler.Rings;
using Weir.Compiler.Topologies;

namespace Weir.Compiler.Plans.Objects;

/// <summary>A property of an object as text.</summary>
/// <param name="Values">One, unless <paramref name="IsList"/>; none where nothing is stated.</param>
/// <param name="Usual">Whether it is what everybody has, so that it need not be said of what is new.</param>
internal readonly record struct ObjectAttribute(string Name, ImmutableArray<string> Values, bool IsList, bool Usual);

/// <summary>The properties of every kind of object, resolved: what holds, whoever said it.</summary>
internal static class Attributes
{
    public static ImmutableArray<ObjectAttribute> Of(Site site) =>
    [
        One("encapsulation", EncapsulationKeys.Name(site.Encapsulation.Type)),
        Many("encapsulation.source", Sources(site.Encapsulation.SourceV4, site.Encapsulation.SourceV6)),
        .. Of(site.Encapsulation.Options),
        Many("nextHop", [.. new[] { site.NextHopV4, site.NextHopV6 }.OfType<NextHop>().Select(Text).Distinct(StringComparer.Ordinal)]),
        .. LinkAttributes.Of(site),
        One("mtu", Number(site.Mtu)),
        One("unmatched", site.Unmatched == Unmatched.Drop ? "drop" : "pass", site.Unmatched == Unmatched.Pass),
        One("limits.maxFlows", Number(site.Limits.MaxFlows), site.Limits.MaxFlows == Limits.DefaultMaxFlows),
        One("limits.mapMemory", site.Limits.MapMemory is { } bytes ? Bytes.Text(bytes) : "none", site.Limits.MapMemory is null),
        Protected(site.Protected),
    ];

    public static ImmutableArray<ObjectAttribute> Of(Host host) => [One("interface", host.Interface), Many("natSources", [.. host.NatSources.Select(s => s.ToString())])];

    /// <param name="policy">The topology's: what a pool takes over from it is not said of the pool.</param>
    public static ImmutableArray<ObjectAttribute> Of(Pool pool, string? site, Policy policy)
    {
        PoolAtSite? here = site is null ? null : pool.Sites.GetValueOrDefault(site);
        EncapsulationOverride? wide = pool.Encapsulation;
        EncapsulationOverride? narrow = here?.Encapsulation;
        Preference prefer = here?.Prefer ?? pool.Prefer;
        return
        [
            One("capacity", Number(pool.Capacity), usual: true),
            One("ring", pool.Algorithm.Name(), pool.Algorithm == RingAlgorithm.Maglev),
            One("prefer", Text(prefer), IsAny(prefer)),
            .. ServerIdAttributes.Of(pool),
            .. Of(Under(wide, narrow)),
            One("policy.maxLeaving", Percent(pool.Policy.MaxLeaving), pool.Policy.MaxLeaving == policy.MaxLeaving),
            One("policy.minimumPool", Number(pool.Policy.MinimumPool), pool.Policy.MinimumPool == policy.MinimumPool),
            Protected(pool.Protected),
        ];
    }

    public static ImmutableArray<ObjectAttribute> Of(Backend backend) =>
    [
        One("address", backend.Address.ToString()),
        LinkAttributes.MacOf(backend),
        One("port", backend.Port == 0 ? "the VIP's" : Number(backend.Port), backend.Port == 0),
        One("weight", Number(backend.Weight)),
        One("state", Text(backend.State), backend.State == BackendState.Active),
        One("site", backend.Site ?? "none", backend.Site is null),
        .. ServerIdAttributes.Of(backend),
        Many("labels", [.. backend.Labels.Select(l => $"{l.Key}={l.Value}")]),
        .. Of(backend.Encapsulation),
    ];

    public static ImmutableArray<ObjectAttribute> Of(Vip vip, string site, Policy policy) =>
    [
        Many("address", [.. vip.Addresses.Select(a => a.ToString()), .. vip.Ranges.Select(r => r.ToString())]),
        Many("ports", [.. vip.Ports.Select(PortText.Format)]),
        One("pool", vip.PoolAt(site)),
        One("hash", HashText.Format(vip.Hash), vip.Hash == HashPolicy.FiveTuple),
        Many("sources.allow", [.. vip.Sources.Allow.Select(s => s.ToString())]),
        Many("sources.deny", [.. vip.Sources.Deny.Select(s => s.ToString())]),
        Many("routes", [.. vip.Routes.Select(r => $"{r.Source} to {r.Pool}")]),
        One("fragments", vip.Fragments == FragmentPolicy.Follow ? "follow" : "drop", vip.Fragments == FragmentPolicy.Drop),
        One("policy.maxMoving", Percent(vip.Policy.MaxMoving), vip.Policy.MaxMoving == policy.MaxMoving),
        Protected(vip.Protected),
    ];

    public static ImmutableArray<ObjectAttribute> Of(Policy policy) =>
    [
        One("maxLeaving", Percent(policy.MaxLeaving)),
        One("minimumPool", Number(policy.MinimumPool)),
        One("maxMoving", Percent(policy.MaxMoving)),
    ];

    public static string Text(BackendState state) => state switch
    {
        BackendState.Drain => "drain",
        BackendState.Down => "down",
        _ => "active",
    };

    private static bool IsAny(Preference prefer) => !prefer.Local && prefer.Labels.IsEmpty;

    private static string Text(Preference prefer) =>
        IsAny(prefer) ? "any" : string.Join(", ", prefer.Labels.Select(l => $"{l.Key}={l.Value}").Prepend(prefer.Local ? "local" : "").Where(t => t.Length > 0));

    private static string Text(NextHop hop) => hop.Gateway?.ToString() ?? AddressText.OfMac(hop.Mac) ?? "";

    private static IEnumerable<ObjectAttribute> Of(EncapsulationOverride? encapsulation) =>
    [
        One("encapsulation", encapsulation?.Type is { } type ? EncapsulationKeys.Name(type) : "the site's", encapsulation?.Type is null),
        Many("encapsulation.source", Sources(encapsulation?.SourceV4, encapsulation?.SourceV6)),
        .. Of(encapsulation?.Options ?? EncapsulationOptions.None),
    ];

    private static EncapsulationOverride? Under(EncapsulationOverride? wide, EncapsulationOverride? narrow) => wide is null || narrow is null
        ? narrow ?? wide
        : new EncapsulationOverride(narrow.Type ?? wide.Type, narrow.SourceV4 ?? wide.SourceV4, narrow.SourceV6 ?? wide.SourceV6, narrow.Position)
        {
            Options = narrow.Type is { } type && type != wide.Type ? narrow.Options : wide.Options.Under(narrow.Options),
        };

    /// <summary>Every key, said or not, so that one that is new or gone is seen.</summary>
    private static IEnumerable<ObjectAttribute> Of(EncapsulationOptions options)
    {
        Dictionary<string, string> said = EncapsulationText.Options(options).ToDictionary(o => o.Key, o => o.Value, StringComparer.Ordinal);
        return OptionKeys.Select(key => said.TryGetValue(key, out string? value) ? One("encapsulation." + key, value) : One("encapsulation." + key, "none", usual: true));
    }

    private static readonly ImmutableArray<string> OptionKeys = ["key", "port", "variant", "checksum", "vni", "innerSource", "innerDestination", "options"];

    private static ImmutableArray<string> Sources(OuterSource? v4, OuterSource? v6) => [.. new[] { v4, v6 }.OfType<OuterSource>().Select(s => AddressText.OfSource(s)!)];

    private static ObjectAttribute Protected(bool value) => One("protected", value ? "true" : "false", !value);

    private static ObjectAttribute One(string name, string value, bool usual = false) => new(name, [value], IsList: false, usual);

    private static ObjectAttribute Many(string name, ImmutableArray<string> values) => new(name, values, IsList: true, values.IsEmpty);

    private static string Number(long number) => number.ToString(CultureInfo.InvariantCulture);

    private static string Percent(int percent) => string.Create(CultureInfo.InvariantCulture, $"{percent} %");
}
