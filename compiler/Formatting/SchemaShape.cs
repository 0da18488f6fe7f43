using System.Text.Json;
using Weir.Compiler.Structure;

namespace Weir.Compiler.Formatting;

/// <summary>What the topology's schema knows of the keys at one place: their order.</summary>
internal sealed class SchemaShape
{
    private static readonly Lazy<SchemaShape> Topology = new(() =>
    {
        using JsonDocument document = JsonDocument.Parse(TopologySchema.Text);
        JsonElement root = document.RootElement.Clone();
        return new SchemaShape(root, [root]);
    });

    private readonly Dictionary<string, SchemaShape> _properties = new(StringComparer.Ordinal);
    private readonly Dictionary<string, int> _ranks = new(StringComparer.Ordinal);
    private readonly List<JsonElement> _variants = [];
    private readonly JsonElement _root;
    private SchemaShape? _others;
    private SchemaShape? _items;

    private SchemaShape(JsonElement root, IEnumerable<JsonElement> schemas)
    {
        _root = root;
        foreach (JsonElement schema in schemas)
        {
            Add(schema);
        }

        foreach (JsonProperty property in Members("properties").SelectMany(m => m.EnumerateObject()))
        {
            _ranks.TryAdd(property.Name, _ranks.Count);
        }
    }

    /// <summary>The shape of a whole file.</summary>
    public static SchemaShape Root => Topology.Value;

    /// <summary>The shape of a list's items.</summary>
    public SchemaShape Items => _items ??= new SchemaShape(_root, Members("items"));

    /// <summary>Place of a key among its siblings, from 0; null for names that users choose, and unknown keys.</summary>
    public int? RankOf(string key) => _ranks.TryGetValue(key, out int rank) ? rank : null;

    /// <summary>The shape of the value of a key.</summary>
    public SchemaShape Property(string key)
    {
        if (!_ranks.ContainsKey(key))
        {
            return _others ??= new SchemaShape(_root, Members("patternProperties").SelectMany(m => m.EnumerateObject()).Select(p => p.Value).Concat(Members("additionalProperties")));
        }

        if (!_properties.TryGetValue(key, out SchemaShape? shape))
        {
            IEnumerable<JsonElement> schemas = Members("properties").Where(m => m.TryGetProperty(key, out _)).Select(m => m.GetProperty(key));
            shape = new SchemaShape(_root, schemas);
            _properties.Add(key, shape);
        }

        return shape;
    }

    private IEnumerable<JsonElement> Members(string name) => _variants.Where(v => v.TryGetProperty(name, out _)).Select(v => v.GetProperty(name));

    private void Add(JsonElement schema)
    {
        if (schema.ValueKind != JsonValueKind.Object)
        {
            return;
        }

        if (schema.TryGetProperty("$ref", out JsonElement reference))
        {
            JsonElement target = _root;
            foreach (string part in reference.GetString()!.TrimStart('#').Split('/', StringSplitOptions.RemoveEmptyEntries))
            {
                target = target.GetProperty(part);
            }

            Add(target);
            return;
        }

        _variants.Add(schema);
        foreach (string combination in (ReadOnlySpan<string>)["allOf", "anyOf", "oneOf"])
        {
            if (schema.TryGetProperty(combination, out JsonElement several))
            {
                foreach (JsonElement one in several.EnumerateArray())
                {
                    Add(one);
                }
            }
        }
    }
}
