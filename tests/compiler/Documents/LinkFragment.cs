using System.Text.Json.Nodes;

namespace Weir.Compiler.Tests.Documents;

/// <summary>What is shown of a site's own decapsulation made whole.</summary>
internal static class LinkFragment
{
    public static void Complete(JsonObject site)
    {
        if (site["decapsulate"] is JsonObject decapsulate)
        {
            decapsulate["addresses"] ??= new JsonArray("10.255.0.9");
            decapsulate["from"] ??= new JsonArray("10.254.0.0/16");
            decapsulate["types"] ??= new JsonArray("ipip");
        }
    }
}
