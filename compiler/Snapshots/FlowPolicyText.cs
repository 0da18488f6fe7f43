using System.Globalization;
using System.Net;
using System.Text;
using Weir.Compiler.Topologies;

namespace Weir.Compiler.Snapshots;

/// <summary>A VIP's part of a snapshot about its flows: what it says nothing of is left out, as there is no way to write it.</summary>
internal static class FlowPolicyText
{
    public static void Write(StringBuilder text, Vip vip)
    {
        text.Append(CultureInfo.InvariantCulture, $"    hash: {Of(vip.Hash)}\n");
        if (!vip.Sources.IsAll)
        {
            text.Append("    sources:\n");
            List(text, "allow", vip.Sources.Allow);
            List(text, "deny", vip.Sources.Deny);
        }

        text.Append(vip.Routes.IsEmpty ? "" : "    routes:\n");
        foreach (SourceRoute route in vip.Routes)
        {
            text.Append(CultureInfo.InvariantCulture, $"      - {{ source: {YamlText.Of(route.Source.ToString())}, pool: {YamlText.Of(route.Pool)} }}\n");
        }
    }

    private static void List(StringBuilder text, string name, IEnumerable<IPNetwork> prefixes)
    {
        string[] lines = [.. prefixes.Select(p => $"        - {YamlText.Of(p.ToString())}\n")];
        text.Append(lines.Length == 0 ? "" : $"      {name}:\n").AppendJoin("", lines);
    }

    private static string Of(HashPolicy policy) => HashText.Format(policy) is var text && !text.Contains('/', StringComparison.Ordinal)
        ? text
        : string.Create(CultureInfo.InvariantCulture, $"{{ sourcePrefix: {{ ipv4: {policy.SourceBitsV4}, ipv6: {policy.SourceBitsV6} }} }}");
}
