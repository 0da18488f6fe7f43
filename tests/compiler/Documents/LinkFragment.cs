using System.Text.Json.Nodes;

namespace Weir.Compiler.Tests.Documents;

/// <summary>What is shown of a site's own decapsulation made whole.</summary>
internal static class LinkFragment
{
    public static void Complete(JsonObject site)
    {
        if (site["decapsulate"] is JsonObject decapsulate)
        {
            bool onlyIpv6 = decapsulate["from"]?.ToJsonString() is { } from && from.Contains(':', StringComparison.Ordinal) && !from.Contains('.', StringComparison.Ordinal);
            decapsulate["addresses"] ??= new JsonArray(onlyIpv6 ? "fd00:255::9" : "10.255.0.9");
            decapsulate["from"] ??= new JsonArray("10.254.0.0/16", "fd00:254::/32");
            decapsulate["types"] ??= new JsonArray("ipip");
        }
    }
}
