using System.Buffers;
using System.Collections.Immutable;
using System.Text.Json;
using Weir.Compiler.Topologies;

namespace Weir.Compiler.Emit;

/// <summary>Digest of a checked topology: over its values as JSON in a fixed order, without positions. Files, order and comments
/// do not enter it, nor do defaults that were written out.</summary>
public static class TopologyDigest
{
    public static string Of(Topology topology)
    {
        var text = new ArrayBufferWriter<byte>();
        using (var json = new Utf8JsonWriter(text))
        {
            json.WriteStartObject();
            json.WriteString("seed", topology.Seed);
            Write(json, topology.Policy);
            Each(json, "sites", topology.Sites.OrderBy(s => s.Name, StringComparer.Ordinal), Write);
            Each(json, "pools", topology.Pools.OrderBy(p => p.Name, StringComparer.Ordinal), Write);
            Each(json, "vips", topology.Vips.OrderBy(v => v.Name, StringComparer.Ordinal), Write);
            json.WriteEndObject();
        }

        return Digests.Of(text.WrittenSpan);
    }

    private static void Write(Utf8JsonWriter json, Site site)
    {
        json.WriteStartObject();
        json.WriteString("name", site.Name);
        Each(json, "hosts", site.Hosts.OrderBy(h => h.Name, StringComparer.Ordinal), (_, host) =>
        {
            json.WriteStartArray();
            json.WriteStringValue(host.Name);
            json.WriteStringValue(host.Interface);
            NatDigest.Write(json, host);
            json.WriteEndArray();
        });
        Write(json, site.Encapsulation.Type, site.Encapsulation.SourceV4, site.Encapsulation.SourceV6, site.Encapsulation.Options);
        Write(json, "nextHopV4", site.NextHopV4);
        Write(json, "nextHopV6", site.NextHopV6);
        LinkDigest.Write(json, site);
        json.WriteNumber("mtu", site.Mtu);
        json.WriteNumber("unmatched", (int)site.Unmatched);
        json.WriteNumber("maxFlows", site.Limits.MaxFlows);
        Write(json, "mapMemory", site.Limits.MapMemory);
        json.WriteBoolean("protected", site.Protected);
        json.WriteEndObject();
    }

    private static void Write(Utf8JsonWriter json, string name, NextHop? nextHop)
    {
        json.WriteString(name + "Gateway", nextHop?.Gateway?.ToString());
        json.WriteString(name + "Mac", AddressText.OfMac(nextHop?.Mac));
    }

    private static void Write(Utf8JsonWriter json, Pool pool)
    {
        json.WriteStartObject();
        json.WriteString("name", pool.Name);
        json.WriteNumber("capacity", pool.Capacity);
        Write(json, "ring", pool.Algorithm == RingAlgorithm.Maglev ? null : (long)pool.Algorithm);
        Each(json, "backends", pool.Backends.OrderBy(b => b.Name, StringComparer.Ordinal).ThenBy(b => b.Address, AddressOrder.Instance), Write);
        Write(json, pool.Prefer);
        Write(json, pool.Encapsulation);
        Each(json, "sites", pool.Sites.OrderBy(s => s.Key, StringComparer.Ordinal), (_, at) =>
        {
            json.WriteStartObject();
            json.WriteString("name", at.Key);
            Write(json, at.Value.Prefer);
            Write(json, at.Value.Encapsulation);
            json.WriteEndObject();
        });
        ServerIdDigest.Write(json, pool);
        Write(json, pool.Policy);
        json.WriteBoolean("protected", pool.Protected);
        json.WriteEndObject();
    }

    private static void Write(Utf8JsonWriter json, Backend backend)
    {
        json.WriteStartObject();
        json.WriteString("name", backend.Name);
        json.WriteString("address", backend.Address.ToString());
        json.WriteNumber("weight", backend.Weight);
        json.WriteNumber("state", (int)backend.State);
        json.WriteString("site", backend.Site);
        LinkDigest.Write(json, backend);
        NatDigest.Write(json, backend);
        Write(json, "labels", backend.Labels);
        ServerIdDigest.Write(json, backend);
        Write(json, backend.Encapsulation);
        json.WriteEndObject();
    }

    private static void Write(Utf8JsonWriter json, Vip vip)
    {
        json.WriteStartObject();
        json.WriteString("name", vip.Name);
        Each(json, "addresses", vip.Addresses.Order(AddressOrder.Instance), (_, address) => json.WriteStringValue(address.ToString()));
        Each(json, "ranges", vip.Ranges.OrderBy(r => r.BaseAddress, AddressOrder.Instance).ThenBy(r => r.PrefixLength), (_, range) => json.WriteStringValue(range.ToString()));
        Each(json, "ports", vip.Ports.OrderBy(p => p.Protocol).ThenBy(p => p.First), (_, ports) => json.WriteStringValue(PortText.Format(ports)));
        json.WriteString("pool", vip.Pool);
        Each(json, "sites", vip.Sites.Order(StringComparer.Ordinal), (_, site) => json.WriteStringValue(site));
        Write(json, "poolsAtSites", vip.PoolsAtSites);
        FlowPolicyDigest.Write(json, vip);
        Write(json, "fragments", vip.Fragments == FragmentPolicy.Drop ? null : (long)vip.Fragments);
        Write(json, vip.Policy);
        json.WriteBoolean("protected", vip.Protected);
        json.WriteEndObject();
    }

    private static void Write(Utf8JsonWriter json, EncapsulationType? type, OuterSource? sourceV4, OuterSource? sourceV6, EncapsulationOptions? options)
    {
        Write(json, "encapsulation", (long?)type);
        json.WriteString("sourceV4", AddressText.OfSource(sourceV4));
        json.WriteString("sourceV6", AddressText.OfSource(sourceV6));
        foreach ((string key, string value) in EncapsulationText.Options(options ?? EncapsulationOptions.None))
        {
            json.WriteString(key, value);
        }
    }

    private static void Write(Utf8JsonWriter json, EncapsulationOverride? encapsulation) =>
        Write(json, encapsulation?.Type, encapsulation?.SourceV4, encapsulation?.SourceV6, encapsulation?.Options);

    private static void Write(Utf8JsonWriter json, Preference? preference)
    {
        if (preference is not null)
        {
            json.WriteBoolean("local", preference.Local);
            Write(json, "prefer", preference.Labels);
        }
    }

    private static void Write(Utf8JsonWriter json, Policy policy)
    {
        json.WriteStartArray("policy");
        json.WriteNumberValue(policy.MaxLeaving);
        json.WriteNumberValue(policy.MinimumPool);
        json.WriteNumberValue(policy.MaxMoving);
        json.WriteEndArray();
    }

    private static void Write(Utf8JsonWriter json, string name, long? number)
    {
        if (number is { } known)
        {
            json.WriteNumber(name, known);
        }
    }

    private static void Write(Utf8JsonWriter json, string name, ImmutableSortedDictionary<string, string> texts)
    {
        json.WriteStartObject(name);
        foreach ((string key, string value) in texts.OrderBy(t => t.Key, StringComparer.Ordinal))
        {
            json.WriteString(key, value);
        }

        json.WriteEndObject();
    }

    private static void Each<T>(Utf8JsonWriter json, string name, IEnumerable<T> values, Action<Utf8JsonWriter, T> write)
    {
        json.WriteStartArray(name);
        foreach (T value in values)
        {
            write(json, value);
        }

        json.WriteEndArray();
    }
}
