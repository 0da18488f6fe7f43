using System.Text.Json;
using Weir.Compiler.Topologies;

namespace Weir.Compiler.Emit;

/// <summary>What <see cref="TopologyDigest"/> takes in of a site's own link. Nothing is written where nothing is said, so that older digests hold.</summary>
internal static class LinkDigest
{
    public static void Write(Utf8JsonWriter json, Site site)
    {
        if (!site.Segments.IsEmpty)
        {
            Each(json, "segments", site.Segments.Select(s => s.ToString()));
        }

        if (site.Decapsulate is { } decapsulation)
        {
            Each(json, "decapsulate", decapsulation.Addresses.Order(AddressOrder.Instance).Select(a => a.ToString()));
            Each(json, "decapsulateFrom", decapsulation.From.Select(f => f.ToString()));
            Each(json, "decapsulateTypes", decapsulation.Types.Order().Select(t => t.ToString()));
        }
    }

    public static void Write(Utf8JsonWriter json, Backend backend)
    {
        if (backend.Mac is { } mac)
        {
            json.WriteString("mac", AddressText.OfMac(mac));
        }
    }

    private static void Each(Utf8JsonWriter json, string name, IEnumerable<string> texts)
    {
        json.WriteStartArray(name);
        foreach (string text in texts)
        {
            json.WriteStringValue(text);
        }

        json.WriteEndArray();
    }
}
