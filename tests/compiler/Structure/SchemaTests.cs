using System.Text.Json;
using NJsonSchema;
using NJsonSchema.Validation;
using Weir.Compiler.Sources;
using Weir.Testing;
using Xunit;

namespace Weir.Compiler.Tests.Structure;

/// <summary>The schemas say nothing that the validator would pass over in silence, and explain every property.</summary>
public sealed class SchemaTests
{
    private static readonly HashSet<string> Enforced =
    [
        "$ref", "type", "enum", "properties", "patternProperties", "additionalProperties", "required", "minProperties", "maxProperties",
        "items", "minItems", "maxItems", "minLength", "maxLength", "pattern", "minimum", "maximum", "oneOf", "definitions",
    ];

    private static readonly HashSet<string> Annotations = ["$schema", "title", "description", "default", "examples"];

    public static TheoryData<string> Schemas => new("topology.schema.json", "diagnostics.schema.json", "plan.schema.json");

    [Theory]
    [MemberData(nameof(Schemas))]
    public void Only_what_is_enforced_is_said(string name)
    {
        using JsonDocument document = Read(name);
        foreach ((string path, JsonElement schema) in SchemasIn("#", document.RootElement))
        {
            Assert.True(schema.ValueKind == JsonValueKind.Object, $"{path} is a boolean schema.");
            Assert.All(schema.EnumerateObject(), p => Assert.True(Enforced.Contains(p.Name) || Annotations.Contains(p.Name), $"{path}/{p.Name} is not enforced."));
        }
    }

    [Theory]
    [MemberData(nameof(Schemas))]
    public void Every_property_is_explained(string name)
    {
        string[] wanted = name.StartsWith("topology", StringComparison.Ordinal) ? ["title", "description", "default", "examples"] : ["title", "description"];
        using JsonDocument document = Read(name);
        foreach ((string path, JsonElement schema) in SchemasIn("#", document.RootElement))
        {
            if (path != "#" && !schema.TryGetProperty("$ref", out _) && !schema.TryGetProperty("oneOf", out _) && !path.Contains("/oneOf/", StringComparison.Ordinal))
            {
                Assert.All(wanted, key => Assert.True(schema.TryGetProperty(key, out _), $"{path} has no {key}."));
            }
        }
    }

    [Fact]
    public async Task Examples_are_valid()
    {
        using JsonDocument document = Read("topology.schema.json");
        string definitions = document.RootElement.GetProperty("definitions").GetRawText();
        foreach ((string path, JsonElement schema) in SchemasIn("#", document.RootElement).Where(s => s.Path != "#" && s.Schema.TryGetProperty("examples", out _)))
        {
            JsonSchema alone = await JsonSchema.FromJsonAsync($$"""{ "definitions": {{definitions}}, "properties": { "value": {{schema.GetRawText()}} } }""", TestContext.Current.CancellationToken);
            Assert.All(schema.GetProperty("examples").EnumerateArray(), example =>
                Assert.True(alone.Validate($$"""{ "value": {{example.GetRawText()}} }""") is { Count: 0 }, $"{path}: {example}"));
        }
    }

    /// <summary>Breaks every rule of the schema in turn: none may end in the diagnostic without words of its own.</summary>
    [Fact]
    public void Every_rule_has_words()
    {
        foreach (string text in new[]
        {
            "seed: []", "sites: 5", "pools: []", "vips: {}", "requires: { weir: 0.1 }", "sites: { a: { hosts: {}, mtu: x, unmatched: 5, encapsulation: { type: [], source: {} }, nextHop: {} } }",
            "pools: { p: { capacity: 1.5, backends: [5, { name: 5, address: {}, weight: -1, state: {} }, []] } }",
            "vips: { v: { address: {}, ports: 5, pool: [], sites: x } }", "vips: { v: { address: [[], 5, ~], ports: [5, []], pool: ~, sites: [5] } }", "x: 1", "sites: ~",
            "defaults: { prefer: locl, sites: { a: {} }, limits: {}, mtu: x, encapsulation: ipip, weight: \"5\", nextHop: [], interface: 5, unmatched: ~, capacity: 5 }",
            "policy: { maxLeaving: 101, minimumPool: 0, maxMoving: yes }", "policy: []", "lint: { unused-pool: no, Bad_Name: off }", "ports: { web: tcp/80, 1x: [], e: [5] }",
            "sites: { a: { protected: \"yes\", limits: { maxFlows: 0, mapMemory: 5 } } }",
            "pools: { p: { prefer: [local], encapsulation: { source: [] }, sites: [a], policy: { maxMoving: 5 }, backends: [{ site: [], labels: { a: 1 }, encapsulation: {} }] } }",
            "pools: { p: { prefer: { labels: {} }, sites: { a: { prefer: { label: {} }, encapsulation: { type: gue } }, b: ~ }, backends: [{ labels: [] }] } }",
            "vips: { v: { address: 5, ports: [5], sites: { a: ~, b: { pool: 5 } }, policy: { maxLeaving: 5 }, protected: 1 } }", "vips: { v: { sites: {} } }",
        })
        {
            CheckResult result = TopologyCompiler.Check(SourceSet.Of([new SourceFile("a.yaml", text)]), TestContext.Current.CancellationToken);
            Assert.Null(result.Topology);
            Assert.DoesNotContain(result.Diagnostics, d => d.Code == "WEIR1199");
        }
    }

    [Fact]
    public async Task The_diagnostics_schema_refuses_what_it_should()
    {
        JsonSchema schema = await JsonSchema.FromFileAsync(PathOf("diagnostics.schema.json"), TestContext.Current.CancellationToken);
        Assert.Contains(schema.Validate("""{ "version": 1, "diagnostics": [{ "code": "X" }], "errors": 0, "warnings": 0 }"""), e => e.Kind == ValidationErrorKind.ArrayItemNotValid);
        Assert.NotEmpty(schema.Validate("""{ "version": 2, "diagnostics": [], "errors": 0, "warnings": 0 }"""));
    }

    private static string PathOf(string name) => Path.Combine(RepositoryRoot.Path, "schemas", name);

    private static JsonDocument Read(string name) => JsonDocument.Parse(File.ReadAllText(PathOf(name)));

    /// <summary>The schema and every schema in it, with its path.</summary>
    private static IEnumerable<(string Path, JsonElement Schema)> SchemasIn(string path, JsonElement schema)
    {
        yield return (path, schema);
        if (schema.ValueKind != JsonValueKind.Object)
        {
            yield break;
        }

        IEnumerable<(string, JsonElement)> below = schema.EnumerateObject().SelectMany(p => (p.Name, p.Value.ValueKind) switch
        {
            ("properties" or "patternProperties" or "definitions", _) => p.Value.EnumerateObject().Select(c => ($"{path}/{p.Name}/{c.Name}", c.Value)),
            ("oneOf", _) => p.Value.EnumerateArray().Select((c, i) => ($"{path}/oneOf/{i}", c)),
            ("items", _) or ("additionalProperties", JsonValueKind.Object) => [($"{path}/{p.Name}", p.Value)],
            _ => [],
        });
        foreach ((string Path, JsonElement Schema) found in below.SelectMany(b => SchemasIn(b.Item1, b.Item2)))
        {
            yield return found;
        }
    }
}
