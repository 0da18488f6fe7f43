using System.Collections.Immutable;
using System.Globalization;
using System.Net;
using System.Text;
using Weir.Compiler.Topologies;

namespace Weir.Compiler.Snapshots;

/// <summary>A checked topology as one YAML file in which every value stands where it holds: no defaults, no port sets, no anchors, all objects
/// sorted by name. It compiles to the topology it was made of.</summary>
public static class SnapshotText
{
    /// <summary>The file in the topology's directory. Its name does not end in <c>.yaml</c>, so it is never read as part of the topology.</summary>
    public const string FileName = "topology.lock";

    public static string Of(Topology topology)
    {
        StringBuilder text = new();
        text.Append("# Written by `weir snapshot`: the topology with every default, override and port set resolved. Not read by weir; do not edit.\n");
        text.Append(CultureInfo.InvariantCulture, $"seed: {YamlText.Of(topology.Seed)}\n");
        text.Append(CultureInfo.InvariantCulture, $"policy: {{ maxLeaving: {topology.Policy.MaxLeaving}, minimumPool: {topology.Policy.MinimumPool}, maxMoving: {topology.Policy.MaxMoving} }}\n");
        Each(text, "sites", topology.Sites.OrderBy(s => s.Name, StringComparer.Ordinal), s => s.Name, Write);
        Each(text, "pools", topology.Pools.OrderBy(p => p.Name, StringComparer.Ordinal), p => p.Name, Write);
        Each(text, "vips", topology.Vips.OrderBy(v => v.Name, StringComparer.Ordinal), v => v.Name, Write);
        return text.ToString();
    }

    private static void Each<T>(StringBuilder text, string name, IEnumerable<T> objects, Func<T, string> nameOf, Action<StringBuilder, T> write)
    {
        bool any = false;
        foreach (T one in objects)
        {
            text.Append(any ? "" : $"{name}:\n").Append(CultureInfo.InvariantCulture, $"  {YamlText.Of(nameOf(one))}:\n");
            any = true;
            write(text, one);
        }
    }

    private static void Write(StringBuilder text, Site site)
    {
        text.Append("    hosts:\n");
        foreach (Host host in site.Hosts.OrderBy(h => h.Name, StringComparer.Ordinal))
        {
            text.Append(CultureInfo.InvariantCulture, $"      {YamlText.Of(host.Name)}: {Mapping([$"interface: {YamlText.Of(host.Interface)}", host.NatSources.IsEmpty ? null : $"natSources: {List(host.NatSources.Select(s => s.ToString()))}"])}\n");
        }

        text.Append(CultureInfo.InvariantCulture, $"    encapsulation: {Encapsulation(site.Encapsulation.Type, site.Encapsulation.SourceV4, site.Encapsulation.SourceV6, site.Encapsulation.Options)}\n");
        if (NextHop(site) is { } nextHop)
        {
            text.Append(CultureInfo.InvariantCulture, $"    nextHop: {nextHop}\n");
        }

        LinkText.Write(text, site);
        string memory = site.Limits.MapMemory is { } bytes ? $", mapMemory: {Memory(bytes)}" : "";
        text.Append(CultureInfo.InvariantCulture, $"    mtu: {site.Mtu}\n    unmatched: {Lower(site.Unmatched)}\n");
        text.Append(CultureInfo.InvariantCulture, $"    limits: {{ maxFlows: {site.Limits.MaxFlows}{memory} }}\n    protected: {Bool(site.Protected)}\n");
    }

    private static void Write(StringBuilder text, Pool pool)
    {
        text.Append(CultureInfo.InvariantCulture, $"    capacity: {pool.Capacity}\n    ring: {Lower(pool.Algorithm)}\n    prefer: {Prefer(pool.Prefer)}\n");
        if (pool.Encapsulation is { } own)
        {
            text.Append(CultureInfo.InvariantCulture, $"    encapsulation: {Encapsulation(own.Type, own.SourceV4, own.SourceV6, own.Options)}\n");
        }

        text.Append(ServerIdSnapshot.Of(pool));
        text.Append(CultureInfo.InvariantCulture, $"    protected: {Bool(pool.Protected)}\n    policy: {{ maxLeaving: {pool.Policy.MaxLeaving}, minimumPool: {pool.Policy.MinimumPool} }}\n");
        if (!pool.Sites.IsEmpty)
        {
            text.Append("    sites:\n");
            foreach ((string site, PoolAtSite at) in pool.Sites.OrderBy(s => s.Key, StringComparer.Ordinal))
            {
                string?[] said =
                [
                    at.Prefer is null ? null : $"prefer: {Prefer(at.Prefer)}",
                    at.Encapsulation is { } there ? $"encapsulation: {Encapsulation(there.Type, there.SourceV4, there.SourceV6, there.Options)}" : null,
                ];
                text.Append(CultureInfo.InvariantCulture, $"      {YamlText.Of(site)}: {Mapping(said)}\n");
            }
        }

        text.Append("    backends:\n");
        foreach (Backend backend in pool.Backends.OrderBy(b => b.Name, StringComparer.Ordinal).ThenBy(b => b.Address, AddressOrder.Instance))
        {
            string?[] said =
            [
                $"name: {YamlText.Of(backend.Name)}",
                $"address: {YamlText.Of(backend.Address.ToString())}",
                string.Create(CultureInfo.InvariantCulture, $"weight: {backend.Weight}"),
                $"state: {Lower(backend.State)}",
                backend.Site is null ? null : $"site: {YamlText.Of(backend.Site)}",
                backend.ServerId is null ? null : $"serverId: {YamlText.Of(backend.ServerId)}",
                LinkText.MacOf(backend),
                backend.Port == 0 ? null : string.Create(CultureInfo.InvariantCulture, $"port: {backend.Port}"),
                backend.Labels.IsEmpty ? null : $"labels: {Labels(backend.Labels)}",
                backend.Encapsulation is { } its ? $"encapsulation: {Encapsulation(its.Type, its.SourceV4, its.SourceV6, its.Options)}" : null,
            ];
            text.Append(CultureInfo.InvariantCulture, $"      - {Mapping(said)}\n");
        }
    }

    private static void Write(StringBuilder text, Vip vip)
    {
        IEnumerable<string> addresses = vip.Addresses.Order(AddressOrder.Instance).Select(a => a.ToString())
            .Concat(vip.Ranges.OrderBy(r => r.BaseAddress, AddressOrder.Instance).ThenBy(r => r.PrefixLength).Select(r => r.ToString()));
        text.Append(CultureInfo.InvariantCulture, $"    address: {List(addresses)}\n");
        text.Append(CultureInfo.InvariantCulture, $"    ports: {List(vip.Ports.OrderBy(p => p.Protocol).ThenBy(p => p.First).Select(PortText.Format))}\n");
        text.Append(CultureInfo.InvariantCulture, $"    pool: {YamlText.Of(vip.Pool)}\n");
        string[] sites = [.. vip.Sites.Order(StringComparer.Ordinal)];
        text.Append(CultureInfo.InvariantCulture, $"    sites: {(vip.PoolsAtSites.IsEmpty ? List(sites) : Mapping([.. sites.Select(s => $"{YamlText.Of(s)}: {AtSite(vip, s)}")]))}\n");
        FlowPolicyText.Write(text, vip);
        text.Append(CultureInfo.InvariantCulture, $"    fragments: {Lower(vip.Fragments)}\n    protected: {Bool(vip.Protected)}\n    policy: {{ maxMoving: {vip.Policy.MaxMoving} }}\n");
    }

    private static string AtSite(Vip vip, string site) => vip.PoolsAtSites.TryGetValue(site, out string? pool) ? $"{{ pool: {YamlText.Of(pool)} }}" : "{}";

    private static string Encapsulation(EncapsulationType? type, OuterSource? v4, OuterSource? v6, EncapsulationOptions options)
    {
        string[] sources = [.. new[] { AddressText.OfSource(v4), AddressText.OfSource(v6) }.OfType<string>()];
        return Mapping(
        [
            type is { } known ? $"type: {EncapsulationKeys.Name(known)}" : null,
            sources.Length == 0 ? null : $"source: {List(sources)}",
            .. EncapsulationText.Options(options).Select(o => $"{o.Key}: {(o.Key.StartsWith("inner", StringComparison.Ordinal) ? YamlText.Of(o.Value) : o.Value)}"),
        ]);
    }

    private static string? NextHop(Site site)
    {
        if ((site.NextHopV4?.Mac ?? site.NextHopV6?.Mac) is { } mac)
        {
            return Mapping($"mac: {YamlText.Of(AddressText.OfMac(mac)!)}");
        }

        IPAddress[] gateways = [.. new[] { site.NextHopV4?.Gateway, site.NextHopV6?.Gateway }.OfType<IPAddress>()];
        return gateways.Length == 0 ? null : Mapping($"gateway: {List(gateways.Select(g => g.ToString()))}");
    }

    private static string Prefer(Preference prefer) => prefer switch
    {
        { Local: true } => "local",
        { Labels.IsEmpty: false } => $"{{ labels: {Labels(prefer.Labels)} }}",
        _ => "any",
    };

    private static string Labels(ImmutableSortedDictionary<string, string> labels) =>
        Mapping([.. labels.OrderBy(l => l.Key, StringComparer.Ordinal).Select(l => $"{YamlText.Of(l.Key)}: {YamlText.Of(l.Value)}")]);

    private static string Memory(long bytes)
    {
        foreach ((string unit, int shift) in new[] { ("GiB", 30), ("MiB", 20) })
        {
            if (bytes >> shift << shift == bytes)
            {
                return string.Create(CultureInfo.InvariantCulture, $"{bytes >> shift}{unit}");
            }
        }

        return string.Create(CultureInfo.InvariantCulture, $"{bytes >> 10}KiB");
    }

    private static string Mapping(params string?[] said) => said.OfType<string>().ToArray() is { Length: > 0 } entries ? $"{{ {string.Join(", ", entries)} }}" : "{}";

    private static string List(IEnumerable<string> texts) => $"[{string.Join(", ", texts.Select(YamlText.Of))}]";

    private static string Lower<T>(T value)
        where T : struct, Enum => value.ToString().ToLowerInvariant();

    private static string Bool(bool value) => value ? "true" : "false";
}
