using System.Globalization;
using System.Text.Json.Nodes;
using Weir.Compiler.Sources;
using Weir.Compiler.Syntax;

namespace Weir.Compiler.Tests.Documents;

/// <summary>A part of a topology, as documents show it, made whole: what it names and lacks is added, what it says is kept.</summary>
internal static class Fragment
{
    private static readonly string[] Needed = ["sites", "pools", "vips"];

    /// <summary>The text as it is when it is a whole topology, else a whole one in JSON, which is YAML.</summary>
    public static string Complete(string yaml)
    {
        SyntaxTree tree = SyntaxTree.Read(SourceSet.Of([new SourceFile("a.yaml", yaml)]));
        if (!tree.IsComplete || Needed.All(key => tree.Root.Find(key) is not null))
        {
            return yaml;
        }

        JsonObject root = (JsonObject)Json(tree.Root)!;
        CompleteVips(root);
        CompletePools(root);
        CompleteSites(root);
        EncapsulationFragment.Complete(root);
        return root.ToJsonString();
    }

    private static void CompleteVips(JsonObject root)
    {
        JsonObject vips = Below(root, "vips");
        if (vips.Count == 0)
        {
            vips["www"] = new JsonObject();
        }

        string pool = (root["pools"] as JsonObject)?.FirstOrDefault().Key ?? "web";
        int number = 0;
        foreach (JsonObject vip in vips.Select(v => v.Value).OfType<JsonObject>())
        {
            number++;
            PolicyFragment.Complete(vip, number, pool);
            vip["address"] ??= $"203.0.113.{number}";
            vip["ports"] ??= new JsonArray($"tcp/{1000 + number}");
            vip["pool"] ??= pool;
            foreach (string set in Texts(vip["ports"]).Where(p => !p.Contains('/', StringComparison.Ordinal)))
            {
                Below(root, "ports")[set] ??= new JsonArray($"tcp/{2000 + number}");
            }
        }
    }

    private static void CompletePools(JsonObject root)
    {
        JsonObject pools = Below(root, "pools");
        foreach (JsonObject vip in Below(root, "vips").Select(v => v.Value).OfType<JsonObject>().ToArray())
        {
            IEnumerable<JsonNode?> atSites = (vip["sites"] as JsonObject)?.Select(s => s.Value?["pool"]) ?? [];
            foreach (string name in atSites.Append(vip["pool"]).Concat(PolicyFragment.Pools(vip)).SelectMany(Texts))
            {
                pools[name] ??= new JsonObject();
            }
        }

        int number = 0;
        foreach (JsonObject quic in pools.Select(p => p.Value?["quic"]).OfType<JsonObject>())
        {
            CompleteQuic(quic);
        }

        foreach (JsonObject pool in pools.Select(p => p.Value).OfType<JsonObject>())
        {
            foreach (JsonObject backend in ((JsonArray)(pool["backends"] ??= new JsonArray(new JsonObject()))).OfType<JsonObject>())
            {
                number++;
                backend["name"] ??= $"backend-{number}";
                backend["address"] ??= string.Create(CultureInfo.InvariantCulture, $"10.9.{number >> 8}.{number & 255}");
                if (pool["quic"] is not null || pool["tcpServerId"] is not null)
                {
                    backend["serverId"] ??= number.ToString("x4", CultureInfo.InvariantCulture);
                }
            }
        }
    }

    private static void CompleteQuic(JsonObject quic)
    {
        quic["scheme"] ??= "quic-lb";
        if (quic["scheme"]!.GetValue<string>() == "quic-lb")
        {
            quic["configs"] ??= new JsonArray(new JsonObject());
        }

        foreach (JsonObject config in (quic["configs"] as JsonArray ?? []).OfType<JsonObject>())
        {
            config["id"] ??= 0;
            config["serverIdLength"] ??= 2;
            config["nonceLength"] ??= 6;
        }
    }

    private static void CompleteSites(JsonObject root)
    {
        JsonObject defaults = Below(root, "defaults");
        JsonObject encapsulation = Below(defaults, "encapsulation");
        encapsulation["type"] ??= "ipip";
        encapsulation["source"] = OfBothFamilies(encapsulation["source"], "10.255.0.1", "2001:db8:255::1");
        JsonObject nextHop = Below(defaults, "nextHop");
        if (nextHop["mac"] is null)
        {
            nextHop["gateway"] = OfBothFamilies(nextHop["gateway"], "10.255.0.254", "fe80::1");
        }

        defaults["interface"] ??= "eth0";
        defaults["sites"] ??= new JsonArray("ams1");
        JsonObject sites = Below(root, "sites");
        JsonObject[] pools = [.. Below(root, "pools").Select(p => p.Value).OfType<JsonObject>()];
        IEnumerable<JsonNode?> named =
        [
            defaults["sites"],
            .. Below(root, "vips").Select(v => v.Value?["sites"]),
            .. pools.Select(p => p["sites"]),
            .. pools.SelectMany(p => ((JsonArray)p["backends"]!).Select(b => b?["site"])),
        ];
        foreach (string name in named.SelectMany(Texts).ToArray())
        {
            sites[name] ??= new JsonObject();
        }

        foreach (JsonObject site in sites.Select(s => s.Value).OfType<JsonObject>())
        {
            site["hosts"] ??= new JsonObject { ["lb1"] = new JsonObject() };
            LinkFragment.Complete(site);
        }
    }

    private static JsonArray OfBothFamilies(JsonNode? given, string v4, string v6)
    {
        string[] texts = [.. Texts(given)];
        IEnumerable<string> lacking = new[] { v4, v6 }.Where(a => !texts.Any(t => t.Contains(':', StringComparison.Ordinal) == a.Contains(':', StringComparison.Ordinal)));
        return new JsonArray([.. texts.Concat(lacking).Select(t => JsonValue.Create(t))]);
    }

    private static JsonObject Below(JsonObject mapping, string key) => (JsonObject)(mapping[key] ??= new JsonObject());

    /// <summary>A string, the strings of a list, or the names in a mapping.</summary>
    private static IEnumerable<string> Texts(JsonNode? node) => node switch
    {
        JsonObject mapping => mapping.Select(e => e.Key),
        JsonArray list => list.Select(i => i!.GetValue<string>()),
        null => [],
        _ => [node.GetValue<string>()],
    };

    private static JsonNode? Json(SyntaxNode node) => node switch
    {
        MappingNode mapping => new JsonObject(mapping.Entries.Select(e => KeyValuePair.Create(e.Key.Text, Json(e.Value)))),
        SequenceNode list => new JsonArray([.. list.Items.Select(Json)]),
        ScalarNode { Kind: ScalarKind.WholeNumber } number => JsonValue.Create(number.Number),
        ScalarNode { Kind: ScalarKind.Boolean } boolean => JsonValue.Create(boolean.Text[0] is 't' or 'T'),
        ScalarNode { Kind: ScalarKind.Null } => null,
        ScalarNode text => JsonValue.Create(text.Text),
        _ => throw new InvalidOperationException("A kind of node that is new."),
    };
}
