using System.Text.Json.Nodes;

namespace Weir.Compiler.Tests.Documents;

/// <summary>What a document shows of source lists and routes, made whole.</summary>
internal static class PolicyFragment
{
    /// <summary>A VIP that says something of sources has addresses of both families; a route lacks neither source nor pool.</summary>
    public static void Complete(JsonObject vip, int number, string pool)
    {
        if (vip["routes"] is null && vip["sources"] is null)
        {
            return;
        }

        vip["address"] ??= new JsonArray($"203.0.113.{number}", $"2001:db8:113::{number}");
        if (vip["sources"] is JsonObject { } sources && sources["allow"] is JsonArray allow)
        {
            allow.Add("198.18.0.0/24");
            allow.Add("2001:db8:18::/64");
        }

        foreach (JsonObject route in (vip["routes"] as JsonArray ?? []).OfType<JsonObject>())
        {
            route["source"] ??= "192.0.2.0/24";
            route["pool"] ??= pool;
        }
    }

    /// <summary>Pools that routes name.</summary>
    public static IEnumerable<JsonNode?> Pools(JsonObject vip) => (vip["routes"] as JsonArray ?? []).Select(route => route?["pool"]);
}
