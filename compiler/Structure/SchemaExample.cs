using System.Collections.Immutable;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Weir.Compiler.Structure;

/// <summary>An example of the schema as a part of a topology: in YAML, from the top.</summary>
/// <param name="Path">Of the value that it shows, as <c>pools.POOL.backends[].weight</c>.</param>
public sealed record SchemaExample(string Path, string Yaml)
{
    /// <summary>Every example of every value, at every place it may stand.</summary>
    public static ImmutableArray<SchemaExample> All(string schema)
    {
        using JsonDocument document = JsonDocument.Parse(schema);
        return [.. SchemaPlace.All(document.RootElement).SelectMany(Of)];
    }

    internal static IEnumerable<SchemaExample> Of(SchemaPlace place) =>
        place.Path.Length > 0 && place.Schema.TryGetProperty("examples", out JsonElement examples)
            ? [.. examples.EnumerateArray().Select(e => new SchemaExample(place.Path, YamlText.Of(Within(place.Path, JsonNode.Parse(e.GetRawText())!))))]
            : [];

    /// <summary>The value with everything around it that its place needs.</summary>
    private static JsonNode Within(string path, JsonNode value)
    {
        foreach (string part in path.Split('.').Reverse())
        {
            string name = part.TrimEnd('[', ']');
            JsonNode here = name.Length == part.Length ? value : new JsonArray(value);
            value = new JsonObject { [SchemaPlace.ExampleOf(name)] = here };
        }

        return value;
    }
}
