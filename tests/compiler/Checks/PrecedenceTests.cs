using System.Text;
using System.Text.Json.Nodes;
using CsCheck;
using Weir.Compiler.Diagnostics;
using Weir.Compiler.Emit;
using Weir.Compiler.Sources;
using Xunit;

namespace Weir.Compiler.Tests.Checks;

/// <summary>What must not change the meaning of a topology: where a value is said, in what order, in which file, and how often it is written.</summary>
public sealed class PrecedenceTests
{
    private const int Runs = 100;

    /// <summary>A key that defaults can give: one value for all, another, and where objects say it themselves.</summary>
    private static readonly (string Key, string Value, string Other, string[] Objects)[] Keys =
    [
        ("interface", "\"eth5\"", "\"eth6\"", ["sites.ams1.hosts.lb1", "sites.ams1.hosts.lb2", "sites.fra1.hosts.lb1"]),
        ("mtu", "1600", "1700", ["sites.ams1", "sites.fra1"]),
        ("unmatched", "\"drop\"", "\"pass\"", ["sites.ams1", "sites.fra1"]),
        ("limits", """{ "maxFlows": 5, "mapMemory": "7MiB" }""", """{ "maxFlows": 6, "mapMemory": "8KiB" }""", ["sites.ams1", "sites.fra1"]),
        ("encapsulation", """{ "type": "ipip", "source": ["10.5.0.1", "2001:db8:5::/64"] }""", """{ "type": "ipip", "source": ["10.6.0.0/24", "2001:db8:6::1"] }""", ["sites.ams1", "sites.fra1"]),
        ("nextHop", """{ "gateway": ["10.5.0.254", "fe80::5"] }""", """{ "mac": "02:00:00:00:00:06" }""", ["sites.ams1", "sites.fra1"]),
        ("capacity", "128", "256", ["pools.web", "pools.api"]),
        ("prefer", "\"local\"", """{ "labels": { "tier": "gold" } }""", ["pools.web", "pools.api"]),
        ("weight", "5", "6", ["pools.web.backends.0", "pools.web.backends.1", "pools.api.backends.0"]),
        ("sites", """["ams1", "fra1"]""", """["fra1"]""", ["vips.www", "vips.api"]),
    ];

    private static readonly string Everything = DigestOf(Write((key, _) => key.Value, _ => null));

    /// <summary>Every object says a key itself, or takes it from the defaults, or says it against other defaults: the same topology.</summary>
    [Fact]
    public void A_value_means_the_same_in_the_defaults_and_in_the_object() =>
        Gen.Int[0, (1 << 3) - 1].Array[Keys.Length].Sample(
            choices => Assert.Equal(Everything, DigestOf(Write(
                (key, at) => IsSaid(choices, key.Key, at) ? key.Value : null,
                key => IsSaidByAll(choices, key) ? key.Other : key.Value))),
            iter: Runs);

    /// <summary>The test above could not tell otherwise.</summary>
    [Fact]
    public void Every_key_has_a_meaning() => Assert.All(Keys, changed =>
        Assert.NotEqual(Everything, DigestOf(Write((_, _) => null, key => key.Key == changed.Key ? key.Other : key.Value))));

    [Fact]
    public void Neither_files_nor_the_order_of_keys_matter()
    {
        JsonObject whole = Write((_, _) => null, key => key.Value);
        Gen.Int.Sample(
            seed =>
            {
                Random random = new(seed);
                IEnumerable<JsonObject> sections = whole.SelectMany(s => ((JsonObject)s.Value!).Select(e =>
                    new JsonObject { [s.Key] = new JsonObject { [e.Key] = Shuffled(e.Value, random) } }));
                JsonObject[] parts = [.. sections];
                random.Shuffle(parts);
                Assert.Equal(Everything, DigestOf([.. parts.Select((p, i) => new SourceFile($"{i:D3}.yaml", p.ToJsonString()))]));
            },
            iter: Runs);
    }

    /// <summary>Sites, backends and VIPs that repeat each other behind anchors and merge keys, against the same written out.</summary>
    [Fact]
    public void An_anchor_means_what_it_stands_for() => Gen.Select(Gen.Int[1, 6], Gen.Int[1, 4], Gen.Int[0, 65_535]).Sample(
        (sites, backends, weight) =>
        {
            StringBuilder anchored = new("defaults: { interface: &device eth0 }\nsites:\n");
            StringBuilder written = new("sites:\n");
            for (int i = 0; i < sites; i++)
            {
                string own = $"mtu: {1400 + i}";
                anchored.Append(i == 0
                    ? $"  s0: &site {{ hosts: {{ lb1: {{}}, lb2: {{ interface: *device }} }}, encapsulation: &outer {{ type: ipip, source: 10.9.0.1 }}, nextHop: {{ gateway: 10.9.0.254 }}, {own} }}\n"
                    : $"  s{i}: {{ <<: *site, {own}, encapsulation: *outer }}\n");
                written.Append($"  s{i}: {{ hosts: {{ lb1: {{ interface: eth0 }}, lb2: {{ interface: eth0 }} }}, encapsulation: {{ type: ipip, source: 10.9.0.1 }}, nextHop: {{ gateway: 10.9.0.254 }}, {own} }}\n");
            }

            string names = string.Join(", ", Enumerable.Range(0, sites).Select(i => $"s{i}"));
            anchored.Append("pools:\n  web:\n    backends: &backends\n");
            written.Append("ports: { all: [tcp/80, udp/53] }\npools:\n");
            for (int i = 0; i < backends; i++)
            {
                anchored.Append(i == 0
                    ? $"      - &backend {{ name: b0, address: 10.1.0.1, weight: {1 + weight}, labels: {{ tier: gold }} }}\n"
                    : $"      - {{ <<: *backend, name: b{i}, address: 10.1.0.{1 + i} }}\n");
            }

            string list = string.Join(", ", Enumerable.Range(0, backends).Select(i => $"{{ name: b{i}, address: 10.1.0.{1 + i}, weight: {1 + weight}, labels: {{ tier: gold }} }}"));
            anchored.Append($"  api: {{ backends: *backends }}\nvips:\n  www: &vip {{ address: 203.0.113.1, ports: &ports [tcp/80, udp/53], pool: web, sites: &names [{names}] }}\n");
            anchored.Append("  api: { <<: *vip, address: 203.0.113.2, pool: api, ports: *ports, sites: *names }\n");
            written.Append($"  web: {{ backends: [{list}] }}\n  api: {{ backends: [{list}] }}\nvips:\n");
            written.Append($"  www: {{ address: 203.0.113.1, ports: [all], pool: web, sites: [{names}] }}\n  api: {{ address: 203.0.113.2, ports: [all], pool: api, sites: [{names}] }}\n");
            Assert.Equal(
                DigestOf([new SourceFile("a.yaml", written.ToString())]),
                DigestOf([new SourceFile("a.yaml", anchored.ToString())]));
        },
        iter: Runs);

    private static bool IsSaid(int[] choices, string key, int at) =>
        (choices[Array.FindIndex(Keys, k => k.Key == key)] >> at & 1) == 1;

    private static bool IsSaidByAll(int[] choices, (string Key, string Value, string Other, string[] Objects) key) =>
        Enumerable.Range(0, key.Objects.Length).All(at => IsSaid(choices, key.Key, at));

    private static JsonObject Write(
        Func<(string Key, string Value, string Other, string[] Objects), int, string?> inObject,
        Func<(string Key, string Value, string Other, string[] Objects), string?> inDefaults)
    {
        JsonObject root = (JsonObject)JsonNode.Parse("""
            {
              "defaults": {},
              "sites": { "ams1": { "hosts": { "lb1": {}, "lb2": {} } }, "fra1": { "hosts": { "lb1": {} } } },
              "pools": {
                "web": { "backends": [{ "name": "w1", "address": "10.1.0.1", "site": "ams1", "labels": { "tier": "gold" } }, { "name": "w2", "address": "2001:db8::2", "site": "fra1" }] },
                "api": { "backends": [{ "name": "a1", "address": "10.1.0.3", "labels": { "tier": "gold" } }] }
              },
              "vips": {
                "www": { "address": "203.0.113.1", "ports": ["tcp/80"], "pool": "web" },
                "api": { "address": "203.0.113.2", "ports": ["tcp/80"], "pool": "api" }
              }
            }
            """)!;
        foreach ((string Key, string Value, string Other, string[] Objects) key in Keys)
        {
            if (inDefaults(key) is { } value)
            {
                root["defaults"]![key.Key] = JsonNode.Parse(value);
            }

            for (int at = 0; at < key.Objects.Length; at++)
            {
                if (inObject(key, at) is { } own)
                {
                    JsonNode target = key.Objects[at].Split('.').Aggregate((JsonNode)root, (node, part) => node is JsonArray list ? list[part[0] - '0']! : node[part]!);
                    target[key.Key] = JsonNode.Parse(own);
                }
            }
        }

        return root;
    }

    private static JsonNode? Shuffled(JsonNode? node, Random random)
    {
        switch (node)
        {
            case JsonObject mapping:
                KeyValuePair<string, JsonNode?>[] entries = [.. mapping.Select(e => KeyValuePair.Create(e.Key, Shuffled(e.Value, random)))];
                random.Shuffle(entries);
                return new JsonObject(entries);
            case JsonArray list:
                JsonNode?[] items = [.. list.Select(i => Shuffled(i, random))];
                random.Shuffle(items);
                return new JsonArray(items);
            default:
                return node?.DeepClone();
        }
    }

    private static string DigestOf(JsonObject root) => DigestOf([new SourceFile("a.yaml", root.ToJsonString())]);

    private static string DigestOf(SourceFile[] files)
    {
        SourceSet sources = SourceSet.Of(files);
        CheckResult result = TopologyCompiler.Check(sources);
        Assert.True(result.Topology is not null, new TextRenderer(sources, "", color: false).Render(result.Diagnostics));
        return TopologyDigest.Of(result.Topology);
    }
}
