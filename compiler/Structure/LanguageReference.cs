using System.Collections.Immutable;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Weir.Compiler.Structure;

/// <summary>The language's reference, <c>schemas/topology.md</c>: a head written by hand, and every mapping of the schema with its keys.</summary>
public static class LanguageReference
{
    private const string Head = "schemas/reference-head.md";

    /// <summary>Markdown, ending in a line feed.</summary>
    public static string Render()
    {
        using JsonDocument document = JsonDocument.Parse(TopologySchema.Text);
        ImmutableArray<SchemaPlace> places = SchemaPlace.All(document.RootElement);
        ILookup<string, SchemaPlace> uses = places.Where(p => p.Definition is not null).ToLookup(p => p.Definition!, StringComparer.Ordinal);
        StringBuilder text = new(ReadHead());
        HashSet<string> written = new(StringComparer.Ordinal);
        foreach (SchemaPlace place in places.Where(p => HasKeys(p.Schema)))
        {
            if (written.Add(place.Definition ?? place.Path))
            {
                WriteSection(text, place, places, uses);
            }
        }

        return text.ToString();
    }

    private static void WriteSection(StringBuilder text, SchemaPlace place, ImmutableArray<SchemaPlace> places, ILookup<string, SchemaPlace> uses)
    {
        SchemaPlace[] all = place.Definition is null ? [place] : [.. uses[place.Definition]];
        SchemaPlace shown = Array.Find(all, p => !p.Path.StartsWith("defaults.", StringComparison.Ordinal)) ?? place;
        text.Append("\n## ").Append(place.Path.Length == 0 ? "The top" : $"`{(all.Length == 1 ? place.Path : place.Key)}`").Append("\n\n")
            .Append(Text(place.Schema, "description")).Append('\n');
        if (all.Length > 1)
        {
            text.Append("\nAt ").AppendJoin(", ", all.Select(p => $"`{p.Path}`")).Append(".\n");
        }

        text.Append("\n| key | type | default | meaning |\n|---|---|---|---|\n");
        foreach (SchemaPlace key in places.Where(p => IsBelow(p, place)).DistinctBy(p => p.Path))
        {
            WriteKey(text, key, uses);
        }

        SchemaExample[] examples = [.. SchemaExample.Of(shown)];
        if (examples.Length > 0)
        {
            text.Append("\n```yaml\n").AppendJoin("```\n\n```yaml\n", examples.Select(e => e.Yaml)).Append("```\n");
        }
    }

    private static void WriteKey(StringBuilder text, SchemaPlace key, ILookup<string, SchemaPlace> uses)
    {
        text.Append($"| `{key.Key}` | {Type(key.Schema)} | {(key.Required ? "needed" : Default(key.Schema))} | {Text(key.Schema, "description")}");
        if (!HasKeys(key.Schema) && key.Schema.TryGetProperty("examples", out JsonElement examples))
        {
            text.Append(" As ").AppendJoin(", ", examples.EnumerateArray().Select(e => $"`{YamlText.Inline(JsonNode.Parse(e.GetRawText()))}`")).Append('.');
        }

        // What defaults say once, narrower scopes may say otherwise; the policy of the whole is written after those of pools and VIPs.
        SchemaPlace[] scopes = key.Definition is null
            ? []
            : [.. uses[key.Definition].OrderByDescending(p => IsWidest(p.Path))];
        if (scopes.Length > 1 && IsWidest(scopes[0].Path))
        {
            text.Append(" The last that says something holds: ").AppendJoin(", ", scopes.Select(p => $"`{p.Path}`")).Append('.');
        }

        text.Append(" |\n");
    }

    private static bool IsWidest(string path) =>
        (path.StartsWith("defaults.", StringComparison.Ordinal) && !path.Contains(".prefer.", StringComparison.Ordinal))
        || path.StartsWith("policy.", StringComparison.Ordinal);

    private static bool HasKeys(JsonElement schema) => schema.TryGetProperty("properties", out _) || schema.TryGetProperty("patternProperties", out _)
        || (schema.TryGetProperty("oneOf", out JsonElement choices) && choices.EnumerateArray().Any(HasKeys));

    /// <summary>Whether the place is a key of the mapping itself.</summary>
    private static bool IsBelow(SchemaPlace key, SchemaPlace mapping) => mapping.Path.Length == 0
        ? key.Path.Length > 0 && !key.Path.Contains('.', StringComparison.Ordinal) && !key.Path.EndsWith(']')
        : key.Path.StartsWith(mapping.Path + ".", StringComparison.Ordinal)
            && key.Path.AsSpan(mapping.Path.Length + 1).IndexOfAny('.', '[') < 0;

    private static string Type(JsonElement schema)
    {
        if (schema.TryGetProperty("enum", out JsonElement values))
        {
            return string.Join(", ", values.EnumerateArray().Select(v => $"`{v.GetString()}`"));
        }

        if (schema.TryGetProperty("oneOf", out JsonElement choices))
        {
            return string.Join(" or ", choices.EnumerateArray().Select(Type));
        }

        JsonElement type = schema.GetProperty("type");
        return string.Join(" or ", (type.ValueKind == JsonValueKind.Array ? [.. type.EnumerateArray()] : new[] { type }).Select(t => t.GetString() switch
        {
            "integer" => $"whole number, {schema.GetProperty("minimum")} to {schema.GetProperty("maximum")}",
            "boolean" => "`true`, `false`",
            "object" => "mapping",
            "array" => "list",
            var other => other,
        }));
    }

    private static string Default(JsonElement schema) => schema.GetProperty("default") switch
    {
        { ValueKind: JsonValueKind.String } text when text.GetString()!.Length > 0 => $"`{text.GetString()}`",
        { ValueKind: JsonValueKind.Number or JsonValueKind.True or JsonValueKind.False } value => $"`{value.GetRawText()}`",
        _ => string.Empty,
    };

    private static string Text(JsonElement schema, string name) => schema.GetProperty(name).GetString()!;

    private static string ReadHead()
    {
        using Stream stream = typeof(LanguageReference).Assembly.GetManifestResourceStream(Head)
            ?? throw new InvalidOperationException("The reference's head is not in the assembly.");
        using StreamReader reader = new(stream);
        return reader.ReadToEnd();
    }
}
