using System.Globalization;
using System.Text;
using Weir.Compiler.Topologies;

namespace Weir.Compiler.Snapshots;

/// <summary>What a snapshot says of a site's own link.</summary>
internal static class LinkText
{
    public static void Write(StringBuilder text, Site site)
    {
        if (!site.Segments.IsEmpty)
        {
            text.Append(CultureInfo.InvariantCulture, $"    segments: {List(site.Segments.Select(s => s.ToString()))}\n");
        }

        if (site.Decapsulate is { } decapsulation)
        {
            text.Append(CultureInfo.InvariantCulture, $"    decapsulate: {{ addresses: {List(decapsulation.Addresses.Select(a => a.ToString()))}, from: {List(decapsulation.From.Select(f => f.ToString()))}");
            text.Append(CultureInfo.InvariantCulture, $", types: {List(decapsulation.Types.Select(t => t.ToString().ToLowerInvariant()))} }}\n");
        }
    }

    /// <summary>An entry of the backend's mapping, or null.</summary>
    public static string? MacOf(Backend backend) => backend.Mac is null ? null : $"mac: {YamlText.Of(AddressText.OfMac(backend.Mac)!)}";

    private static string List(IEnumerable<string> texts) => $"[{string.Join(", ", texts.Select(YamlText.Of))}]";
}
