using System.Collections.Immutable;

namespace Weir.DataPlaneTests.Covering;

/// <summary>Something that a topology has in one of several ways. The first excludes none of another feature.</summary>
internal sealed record Feature(string Name, params ImmutableArray<string> Values);

/// <summary>Two values that the compiler refuses together.</summary>
/// <param name="Code">As <c>WEIR1431</c>.</param>
internal sealed record Refusal(string Feature, string Value, string Other, string OtherValue, string Code);

/// <summary>All that a generated program can be made of, and what cannot be together. A new feature of the language is a line here and its YAML in <see cref="FeatureSite"/>.</summary>
internal static class Features
{
    public static ImmutableArray<Feature> All { get; } =
    [
        new("inner", "both", "ipv4", "ipv6"),
        new("outer", "both", "ipv4", "ipv6"),
        new("encapsulation", "ipip", "gre", "gre-full", "gue", "gue-checksum", "gue-1", "gue-1-zero", "vxlan", "vxlan-checksum", "geneve", "geneve-options", "mixed", "l2", "local", "nat", "nat-mixed"),
        new("vips", "folded", "hashed"),
        new("ranges", "none", "one", "nested"),
        new("ports", "few", "ranges", "all", "many"),
        new("hash", "five-tuple", "three-tuple", "without-destination-port", "source", "prefix", "mixed"),
        new("lists", "none", "allow", "deny", "nested"),
        new("routes", "none", "one", "many"),
        new("fragments", "drop", "follow", "one"),
        new("unmatched", "pass", "drop"),
        new("mtu", "1500", "9000"),
        new("rings", "narrow", "wide", "both"),
        new("algorithm", "maglev", "rendezvous"),
        new("sources", "one", "prefix", "several"),
        new("decapsulate", "none", "ipip", "all"),
        new("serverIds", "none", "quic-lb", "katran", "tcp", "encrypted"),
    ];

    public static ImmutableArray<Refusal> Refused { get; } =
    [
        .. from id in ServerIds
           from follow in (string[])["follow", "one"]
           select new Refusal("fragments", follow, "serverIds", id, "WEIR1431"),
        .. from nat in Nat
           from follow in (string[])["follow", "one"]
           select new Refusal("encapsulation", nat, "fragments", follow, "WEIR1432"),
        .. from nat in Nat
           from id in ServerIds
           select new Refusal("encapsulation", nat, "serverIds", id, "WEIR1541"),
        .. from nat in Nat
           select new Refusal("encapsulation", nat, "ports", "all", "WEIR1540"),
    ];

    private static string[] Nat => ["nat", "nat-mixed"];

    private static string[] ServerIds => ["quic-lb", "katran", "tcp", "encrypted"];

    public static IReadOnlyList<int> Sizes => [.. All.Select(f => f.Values.Length)];

    /// <summary>As <see cref="CoveringArray.Of"/> wants it.</summary>
    public static bool Excluded(int i, int a, int j, int b) => Refused.Any(r =>
        (Is(r.Feature, r.Value, i, a) && Is(r.Other, r.OtherValue, j, b)) || (Is(r.Feature, r.Value, j, b) && Is(r.Other, r.OtherValue, i, a)));

    /// <summary>A row as a text: what is not the first of its values.</summary>
    public static string Text(int[] row) => row.All(v => v == 0)
        ? "all by default"
        : string.Join(", ", row.Select((value, i) => (Feature: All[i], Value: value)).Where(v => v.Value > 0).Select(v => $"{v.Feature.Name} {v.Feature.Values[v.Value]}"));

    public static int[] Row(params (string Feature, string Value)[] said)
    {
        int[] row = new int[All.Length];
        foreach ((string feature, string value) in said)
        {
            int at = Index(feature);
            row[at] = All[at].Values.IndexOf(value);
        }

        return row;
    }

    public static int Index(string feature) => All.IndexOf(All.Single(f => f.Name == feature));

    private static bool Is(string feature, string value, int i, int a) => All[i].Name == feature && All[i].Values[a] == value;
}
