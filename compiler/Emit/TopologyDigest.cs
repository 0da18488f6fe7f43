using System.Buffers;
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
            json.WriteEndArray();
        });
        json.WriteNumber("encapsulation", (int)site.Encapsulation.Type);
        json.WriteString("sourceV4", AddressText.OfSource(site.Encapsulation.SourceV4));
        json.WriteString("sourceV6", AddressText.OfSource(site.Encapsulation.SourceV6));
        Write(json, "nextHopV4", site.NextHopV4);
        Write(json, "nextHopV6", site.NextHopV6);
        json.WriteNumber("mtu", site.Mtu);
        json.WriteNumber("unmatched", (int)site.Unmatched);
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
        Each(json, "backends", pool.Backends.OrderBy(b => b.Name, StringComparer.Ordinal).ThenBy(b => b.Address, AddressOrder.Instance), (_, backend) =>
        {
            json.WriteStartArray();
            json.WriteStringValue(backend.Name);
            json.WriteStringValue(backend.Address.ToString());
            json.WriteNumberValue(backend.Weight);
            json.WriteNumberValue((int)backend.State);
            json.WriteEndArray();
        });
        json.WriteEndObject();
    }

    private static void Write(Utf8JsonWriter json, Vip vip)
    {
        json.WriteStartObject();
        json.WriteString("name", vip.Name);
        Each(json, "addresses", vip.Addresses.Order(AddressOrder.Instance), (_, address) => json.WriteStringValue(address.ToString()));
        Each(json, "ports", vip.Ports.OrderBy(p => p.Protocol).ThenBy(p => p.First), (_, ports) => json.WriteStringValue(PortText.Format(ports)));
        json.WriteString("pool", vip.Pool);
        Each(json, "sites", vip.Sites.Order(StringComparer.Ordinal), (_, site) => json.WriteStringValue(site));
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
