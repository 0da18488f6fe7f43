using System.Globalization;
using System.Text;

namespace Weir.DataPlaneTests.Covering;

/// <summary>The topology of a row: one site, two pools, VIPs that take turns between them.</summary>
internal sealed class FeatureSite(int[] row)
{
    private const int Folded = 2;
    private const int Hashed = 9;

    private static readonly string[] Hashes =
        ["five-tuple", "three-tuple", "without-destination-port", "source", "{ sourcePrefix: { ipv4: 24, ipv6: 56 } }"];

    public const string Name = "ams1";

    private bool InnerV4 => this["inner"] != "ipv6";

    private bool InnerV6 => this["inner"] != "ipv4";

    private bool OuterV4 => this["outer"] != "ipv6";

    private bool OuterV6 => this["outer"] != "ipv4";

    private string Decapsulate => this["decapsulate"] == "none"
        ? ""
        : $"\n    decapsulate: {{ addresses: [10.10.0.200, \"fd00:10::200\"], from: [10.20.0.0/24, \"fd00:20::/64\"], types: [ipip{(this["decapsulate"] == "all" ? ", gre, gue, vxlan, geneve" : "")}] }}";

    private bool Nat => this["encapsulation"] is "nat" or "nat-mixed";

    private string NatSources => Nat ? $", natSources: {List(OuterV4, "10.10.8.32/31", OuterV6, "2001:db8:a::20/127")}" : "";

    private string Segments => this["encapsulation"] == "l2" ? "\n    segments: [10.0.0.0/8, \"fd00::/16\"]" : "";

    private string Encapsulation => this["encapsulation"] switch
    {
        "gre" => "type: gre",
        "gre-full" => "type: gre, key: 4711, checksum: true",
        "gue" => "type: gue",
        "gue-checksum" => "type: gue, checksum: true, port: 7777",
        "gue-1" => "type: gue, variant: 1",
        "gue-1-zero" => "type: gue, variant: 1, checksum: false",
        "vxlan" => "type: vxlan, vni: 100, innerDestination: \"02:00:00:00:00:02\"",
        "vxlan-checksum" => "type: vxlan, vni: 100, innerDestination: \"02:00:00:00:00:02\", innerSource: \"02:00:00:00:00:09\", checksum: true",
        "geneve" => "type: geneve, vni: 100, innerDestination: \"02:00:00:00:00:02\"",
        "geneve-options" => "type: geneve, vni: 100, innerDestination: \"02:00:00:00:00:02\", checksum: true, options: [{ class: 0x0102, type: 1, data: \"00112233\" }, { class: 0x0102, type: 0x82 }]",
        "mixed" => "type: gre, key: 1",
        "l2" => "type: l2",
        "local" => "type: local",
        "nat" => "type: nat",
        "nat-mixed" => "type: gue",
        _ => "type: ipip",
    };

    private string this[string feature] => Features.All[Features.Index(feature)].Values[row[Features.Index(feature)]];

    public string Yaml()
    {
        StringBuilder text = new();
        text.Append(CultureInfo.InvariantCulture, $$"""
            sites:
              {{Name}}:
                hosts: { lb1: { interface: eth0{{NatSources}} } }
                encapsulation: { {{Encapsulation}}, source: {{Source(0)}} }
                nextHop: { gateway: {{List(OuterV4 || (Nat && InnerV4), "10.10.0.254", OuterV6 || (Nat && InnerV6), "fd00:10::ff")}} }
                mtu: {{this["mtu"]}}
                unmatched: {{this["unmatched"]}}{{Segments}}{{Decapsulate}}
            pools:
            {{Pool("web", 0)}}{{Pool("other", 1)}}vips:

            """);
        int vips = this["vips"] == "hashed" ? Hashed : Folded;
        for (int vip = 0; vip < vips; vip++)
        {
            text.Append(Vip(vip, $"vip-{vip}", List(InnerV4, $"203.0.113.{10 + vip}", InnerV6, $"2001:db8::{10 + vip}"), Ports()));
        }

        if (this["ranges"] != "none")
        {
            text.Append(Vip(0, "range-a", List(InnerV4, "198.51.100.0/26", InnerV6, "2001:db8:1::/64"), "[tcp/9000]"));
        }

        if (this["ranges"] == "nested")
        {
            text.Append(Vip(1, "range-b", List(InnerV4, "198.51.100.16/28", InnerV6, "2001:db8:1::8000/113"), "[tcp/9001, udp/9000-9010]"));
        }

        return text.ToString();
    }

    private string Pool(string name, int number)
    {
        bool wide = this["rings"] switch { "wide" => true, "both" => number == 1, _ => false };
        StringBuilder text = new();
        text.Append(CultureInfo.InvariantCulture, $"  {name}:\n    capacity: {(wide ? 256 : 32)}\n    ring: {this["algorithm"]}\n");
        string[] own =
        [
            .. this["sources"] == "several" && number == 1 ? new[] { $"source: {Source(1)}" } : [],
            .. this["encapsulation"] == "mixed" && number == 1 ? new[] { "type: geneve, vni: 7, innerDestination: \"02:00:00:00:00:07\"" } : [],
            .. this["encapsulation"] == "nat-mixed" && number == 0 ? new[] { "type: nat" } : [],
        ];
        text.Append(own.Length > 0 ? $"    encapsulation: {{ {string.Join(", ", own)} }}\n" : "");
        text.Append(this["serverIds"] switch
        {
            "quic-lb" => "    quic: { scheme: quic-lb, configs: [{ id: 0, serverIdLength: 2, nonceLength: 6 }, { id: 1, serverIdLength: 3, nonceLength: 13 }] }\n",
            "encrypted" => "    quic: { scheme: quic-lb, configs: [{ id: 0, serverIdLength: 2, nonceLength: 6, keyFile: /etc/weir/a.key }, { id: 1, serverIdLength: 8, nonceLength: 8, keyFile: /etc/weir/b.key }, { id: 2, serverIdLength: 7, nonceLength: 4, keyFile: /etc/weir/a.key }] }\n",
            "katran" => "    quic: { scheme: katran }\n",
            "tcp" => "    tcpServerId: { option: 253 }\n",
            _ => "",
        });
        text.Append("    backends:\n");
        for (int backend = 0; backend < 4; backend++)
        {
            bool v6 = OuterV6 && (!OuterV4 || backend % 2 == 1);
            string address = v6 ? $"\"fd00:{number + 1}::{backend + 1}\"" : $"10.{number + 1}.0.{backend + 1}";
            string id = this["serverIds"] is "none" ? "" : $", serverId: \"0a0{backend + 1}\"";
            string path = this["encapsulation"] == "mixed" && backend > 1 ? $", encapsulation: {{ type: {(backend == 2 ? "ipip" : "gue, variant: 1, checksum: true")} }}" : "";
            text.Append(CultureInfo.InvariantCulture, $"      - {{ name: {name}-{backend}, address: {address}, weight: {10 + backend}{id}{path} }}\n");
        }

        return text.ToString();
    }

    private string Vip(int number, string name, string addresses, string ports)
    {
        StringBuilder text = new();
        text.Append(CultureInfo.InvariantCulture, $"  {name}:\n    address: {addresses}\n    ports: {ports}\n    pool: {(number % 2 == 0 ? "web" : "other")}\n    sites: [{Name}]\n");
        text.Append(this["hash"] switch
        {
            "five-tuple" => "",
            "prefix" => $"    hash: {Hashes[^1]}\n",
            "mixed" => $"    hash: {Hashes[number % Hashes.Length]}\n",
            string one => $"    hash: {one}\n",
        });
        text.Append(this["lists"] switch
        {
            "allow" => $"    sources: {{ allow: {List(InnerV4, "128.0.0.0/1", InnerV6, "8000::/1")} }}\n",
            "deny" when number % 2 == 0 => $"    sources: {{ deny: {List(InnerV4, "64.0.0.0/2", InnerV6, "4000::/2")} }}\n",
            "nested" => $"    sources: {{ allow: {List(InnerV4, "96.0.0.0/3", InnerV6, "6000::/3")}, deny: {List(InnerV4, "64.0.0.0/2", InnerV6, "4000::/2")} }}\n",
            _ => "",
        });
        string other = number % 2 == 0 ? "other" : "web";
        text.Append(this["routes"] switch
        {
            "one" when number == 0 => $"    routes: {Routes(other, (InnerV4, "160.0.0.0/3"), (InnerV6, "a000::/3"))}\n",
            "many" => $"    routes: {Routes(other, (InnerV4, "160.0.0.0/3"), (InnerV6, "a000::/3"), (InnerV4, "112.0.0.0/4"), (InnerV6, "7000::/4"))}\n",
            _ => "",
        });
        text.Append(this["fragments"] == "follow" || (this["fragments"] == "one" && number == 0) ? "    fragments: follow\n" : "");
        return text.ToString();
    }

    private string Ports() => this["ports"] switch
    {
        "ranges" => "[tcp/8000-8099, udp/53]",
        "all" => "[\"tcp/*\", \"udp/*\"]",
        "many" => "[tcp/80, tcp/443, tcp/8000-8099, udp/53, udp/443, udp/5000-5100, tcp/9100-9200]",
        _ => "[tcp/443, udp/53]",
    };

    private string Source(int number) => this["sources"] == "prefix"
        ? List(OuterV4, "10.10.0.0/24", OuterV6, "fd00:10::/64")
        : List(OuterV4, $"10.10.{number}.1", OuterV6, $"fd00:10:{number}::1");

    private static string Routes(string pool, params (bool There, string Source)[] sources) =>
        $"[{string.Join(", ", sources.Where(s => s.There).Select(s => $"{{ source: \"{s.Source}\", pool: {pool} }}"))}]";

    private static string List(bool first, string one, bool second, string two) =>
        $"[{string.Join(", ", new[] { first ? $"\"{one}\"" : "", second ? $"\"{two}\"" : "" }.Where(t => t.Length > 0))}]";
}
