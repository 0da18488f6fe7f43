using System.Collections.Immutable;
using System.Text.Json;

namespace Weir.Compiler.Structure;

/// <summary>A value that the schema allows somewhere in a topology.</summary>
/// <param name="Path">As <c>pools.POOL.backends[].weight</c>: names that the user gives are in capitals.</param>
/// <param name="Definition">Name of its definition, or null when it is defined where it stands.</param>
/// <param name="Required">Whether the mapping it is in must have it.</param>
internal sealed record SchemaPlace(string Path, string? Definition, JsonElement Schema, bool Required)
{
    private static readonly (string Mapping, string Name, string Example)[] Names =
    [
        ("sites", "SITE", "ams1"),
        ("hosts", "HOST", "lb1"),
        ("ports", "SET", "web"),
        ("pools", "POOL", "web"),
        ("vips", "VIP", "www"),
        ("labels", "LABEL", "tier"),
        ("lint", "RULE", "unused-pool"),
    ];

    public string Key => Path[(Path.LastIndexOf('.') + 1)..];

    /// <summary>Every place, each before what is below it, in the order of the schema.</summary>
    public static ImmutableArray<SchemaPlace> All(JsonElement schema)
    {
        ImmutableArray<SchemaPlace>.Builder places = ImmutableArray.CreateBuilder<SchemaPlace>();
        Visit(string.Empty, schema, required: false);
        return places.ToImmutable();

        void Visit(string path, JsonElement written, bool required)
        {
            (string? definition, JsonElement value) = Resolve(written);
            places.Add(new SchemaPlace(path, definition, value, required));
            Below(path, value);
        }

        void Below(string path, JsonElement value)
        {
            string[] needed = value.TryGetProperty("required", out JsonElement names) ? [.. names.EnumerateArray().Select(n => n.GetString()!)] : [];
            foreach (JsonProperty property in Members(value, "properties"))
            {
                Visit(path.Length == 0 ? property.Name : $"{path}.{property.Name}", property.Value, needed.Contains(property.Name));
            }

            foreach (JsonProperty named in Members(value, "patternProperties"))
            {
                Visit($"{path}.{NameIn(path)}", named.Value, required: false);
            }

            if (value.TryGetProperty("items", out JsonElement items))
            {
                Visit(path + "[]", items, required: false);
            }

            foreach (JsonElement choice in value.TryGetProperty("oneOf", out JsonElement choices) ? choices.EnumerateArray() : default)
            {
                Below(path, Resolve(choice).Schema);
            }
        }

        (string? Definition, JsonElement Schema) Resolve(JsonElement written)
        {
            if (!written.TryGetProperty("$ref", out JsonElement reference))
            {
                return (null, written);
            }

            string name = reference.GetString()!["#/definitions/".Length..];
            return (name, schema.GetProperty("definitions").GetProperty(name));
        }
    }

    /// <summary>A name such as a user would give, for a path's part in capitals; the part itself for any other.</summary>
    public static string ExampleOf(string part) => Array.Find(Names, n => n.Name == part).Example ?? part;

    private static string NameIn(string path) => Array.Find(Names, n => path == n.Mapping || path.EndsWith("." + n.Mapping, StringComparison.Ordinal)).Name
        ?? throw new InvalidOperationException($"Nothing says what the names below {path} are called.");

    private static JsonElement.ObjectEnumerator Members(JsonElement value, string name) =>
        value.TryGetProperty(name, out JsonElement members) ? members.EnumerateObject() : default;
}
