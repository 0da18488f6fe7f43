using System.Text.Json.Nodes;

namespace Weir.Compiler.Tests.Documents;

/// <summary>What is shown of an encapsulation made whole: a type that has the keys, and the keys that the type needs.</summary>
internal static class EncapsulationFragment
{
    private static readonly (string Key, string Type)[] Having =
        [("options", "geneve"), ("vni", "vxlan"), ("innerSource", "vxlan"), ("innerDestination", "vxlan"), ("key", "gre"), ("variant", "gue"), ("port", "gue"), ("checksum", "gue")];

    /// <summary>Everywhere below the node.</summary>
    public static void Complete(JsonNode? node)
    {
        if (node is JsonArray list)
        {
            foreach (JsonNode? item in list)
            {
                Complete(item);
            }
        }
        else if (node is JsonObject mapping)
        {
            foreach ((string key, JsonNode? value) in mapping.ToArray())
            {
                if (key == "encapsulation" && value is JsonObject encapsulation)
                {
                    CompleteOne(encapsulation);
                }
                else
                {
                    Complete(value);
                }
            }
        }
    }

    private static void CompleteOne(JsonObject encapsulation)
    {
        string? type = Having.FirstOrDefault(h => encapsulation.ContainsKey(h.Key)).Type;
        if (type is not null && encapsulation["type"]?.GetValue<string>() is null or "ipip")
        {
            encapsulation["type"] = type;
        }

        if (encapsulation["type"]?.GetValue<string>() is "vxlan" or "geneve")
        {
            encapsulation["vni"] ??= 1;
            encapsulation["innerDestination"] ??= "02:00:00:00:00:02";
        }

        foreach (JsonObject option in (encapsulation["options"] as JsonArray ?? []).OfType<JsonObject>())
        {
            option["class"] ??= 1;
            option["type"] ??= 1;
        }
    }
}
