using System.Text.Json;
using Weir.Compiler.Topologies;

namespace Weir.Compiler.Emit;

/// <summary>A VIP's part of the topology's digest about its flows: nothing where it says nothing.</summary>
internal static class FlowPolicyDigest
{
    public static void Write(Utf8JsonWriter json, Vip vip)
    {
        if (vip.Hash != HashPolicy.FiveTuple)
        {
            json.WriteString("hash", HashText.Format(vip.Hash));
        }

        Texts(json, "allow", vip.Sources.Allow.Select(s => s.ToString()));
        Texts(json, "deny", vip.Sources.Deny.Select(s => s.ToString()));
        Texts(json, "routes", vip.Routes.Select(r => $"{r.Source} {r.Pool}"));
    }

    private static void Texts(Utf8JsonWriter json, string name, IEnumerable<string> texts)
    {
        string[] sorted = [.. texts.Order(StringComparer.Ordinal)];
        if (sorted.Length == 0)
        {
            return;
        }

        json.WriteStartArray(name);
        foreach (string text in sorted)
        {
            json.WriteStringValue(text);
        }

        json.WriteEndArray();
    }
}
