using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Weir.Compiler.Syntax;

namespace Weir.Compiler.Structure;

/// <summary>Writes JSON values as YAML the way people do: blocks outside, short values in one line.</summary>
internal static partial class YamlText
{
    private const int Width = 100;

    /// <summary>The text, with a line feed at its end.</summary>
    public static string Of(JsonNode value)
    {
        StringBuilder text = new();
        Block(text, value, string.Empty);
        return text.ToString();
    }

    /// <summary>In one line.</summary>
    public static string Inline(JsonNode? value) => value switch
    {
        JsonObject { Count: 0 } => "{}",
        JsonObject mapping => "{ " + string.Join(", ", mapping.Select(e => $"{Scalar(e.Key)}: {Inline(e.Value)}")) + " }",
        JsonArray list => "[" + string.Join(", ", list.Select(Inline)) + "]",
        JsonValue text when text.GetValueKind() == JsonValueKind.String => Scalar(text.GetValue<string>()),
        _ => value?.ToJsonString() ?? "null",
    };

    private static void Block(StringBuilder text, JsonNode? value, string indent)
    {
        switch (value)
        {
            case JsonObject { Count: > 0 } mapping:
                foreach ((string key, JsonNode? below) in mapping)
                {
                    Entry(text, $"{indent}{Scalar(key)}:", below, indent);
                }

                break;
            case JsonArray { Count: > 0 } list:
                foreach (JsonNode? item in list)
                {
                    text.Append(indent).Append("- ").Append(Inline(item)).Append('\n');
                }

                break;
            default:
                text.Append(indent).Append(Inline(value)).Append('\n');
                break;
        }
    }

    private static void Entry(StringBuilder text, string head, JsonNode? value, string indent)
    {
        string inline = Inline(value);
        bool oneLine = value switch
        {
            JsonObject mapping => mapping.All(e => e.Value is not JsonObject && !(e.Value is JsonArray list && list.Any(i => i is JsonObject))) && mapping.Count > 1,
            JsonArray list => list.All(i => i is JsonValue),
            _ => true,
        };
        if ((oneLine && head.Length + 1 + inline.Length <= Width) || value is JsonObject { Count: 0 } or JsonArray { Count: 0 })
        {
            text.Append(head).Append(' ').Append(inline).Append('\n');
            return;
        }

        text.Append(head).Append('\n');
        Block(text, value, indent + "  ");
    }

    private static string Scalar(string text) =>
        Plain().IsMatch(text) && CoreScalar.Resolve(text).Kind == ScalarKind.Text ? text : JsonSerializer.Serialize(text);

    /// <summary>Plain anywhere, in brackets too.</summary>
    [GeneratedRegex(@"^[A-Za-z0-9]([A-Za-z0-9 ./*_-]*[A-Za-z0-9*])?$")]
    private static partial Regex Plain();
}
