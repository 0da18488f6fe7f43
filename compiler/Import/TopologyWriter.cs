using System.Collections.Immutable;
using System.Globalization;
using System.Net.Sockets;
using System.Text;
using Weir.Compiler.Diagnostics;
using Weir.Compiler.Formatting;
using Weir.Compiler.Sources;
using Weir.Compiler.Topologies;

namespace Weir.Compiler.Import;

/// <summary>Writes what was imported as a topology in canonical form. Services with the same servers share a pool; addresses with the same ports and
/// pool, and of the same name, share a VIP.</summary>
public static class TopologyWriter
{
    /// <summary>Stands where an address is wanted that nobody has given; <c>weir validate</c> refuses it.</summary>
    public const string Placeholder = "FILL-IN";

    /// <param name="from">What the topology was made from, for the comment at its head.</param>
    public static string Write(Imported imported, ImportSite site, string from)
    {
        StringBuilder yaml = new();
        yaml.Append(CultureInfo.InvariantCulture, $"# Imported from {PlainText.Of(from)}.\n");
        foreach (ImportNote note in imported.Notes)
        {
            string line = note.Line == 0 ? "" : string.Create(CultureInfo.InvariantCulture, $"line {note.Line}: ");
            yaml.Append(CultureInfo.InvariantCulture, $"# - {line}{PlainText.Of(note.What)}; {PlainText.Of(note.Help)}\n");
        }

        AppendSite(imported, site, yaml);
        AppendServices(imported.Services, site.Name, yaml);
        return TopologyFormatter.Format(new SourceFile("topology.yaml", yaml.ToString())).Text
            ?? throw new InvalidOperationException("The importer wrote YAML that cannot be read.");
    }

    /// <summary>Notes about what the site still lacks.</summary>
    internal static void Lacks(ImmutableArray<ImportedService> services, ImportSite site, ImportNotes notes)
    {
        foreach (AddressFamily family in FamiliesOf(services))
        {
            string name = family == AddressFamily.InterNetwork ? "IPv4" : "IPv6";
            if (!Has(site.Sources, family))
            {
                notes.LeaveOut(0, $"the outer source for {name} is not known", $"give --source, or replace {Placeholder} in the topology");
            }

            if (!Has(site.Gateways, family))
            {
                notes.LeaveOut(0, $"the next hop for {name} is not known", $"give --gateway, or replace {Placeholder} in the topology");
            }
        }
    }

    private static void AppendSite(Imported imported, ImportSite site, StringBuilder yaml)
    {
        AddressFamily[] families = [.. FamiliesOf(imported.Services)];
        yaml.Append(CultureInfo.InvariantCulture, $"\nsites:\n  {site.Name}:\n    hosts:\n      {site.Host}: {{ interface: {Quote(site.Interface)} }}\n")
            .Append(CultureInfo.InvariantCulture, $"    encapsulation: {{ type: ipip, source: {List(Fill(site.Sources, families))} }}\n")
            .Append(CultureInfo.InvariantCulture, $"    nextHop: {{ gateway: {List(Fill(site.Gateways, families))} }}\n");
    }

    private static void AppendServices(ImmutableArray<ImportedService> services, string site, StringBuilder yaml)
    {
        UniqueNames poolNames = new();
        UniqueNames vipNames = new();
        StringBuilder vips = new("\nvips:\n");
        yaml.Append("\npools:\n");
        foreach (IGrouping<string, ImportedService> pool in services.GroupBy(PoolKey, StringComparer.Ordinal))
        {
            ImportedService first = pool.First();
            string poolName = poolNames.Take(first.Name ?? $"pool-{first.Address}", "pool");
            AppendPool(poolName, first.Backends, yaml);
            foreach (IGrouping<string, ImportedService> named in pool.GroupBy(s => s.Name ?? s.Address.ToString(), StringComparer.Ordinal))
            {
                var byPorts = named.GroupBy(s => s.Address)
                    .Select(a => (Address: a.Key, Ports: List(a.Select(s => s.Ports).OrderBy(p => p.Protocol).ThenBy(p => p.First).Select(PortText.Format))))
                    .GroupBy(a => a.Ports, a => a.Address.ToString(), StringComparer.Ordinal);
                foreach (IGrouping<string, string> vip in byPorts)
                {
                    vips.Append(CultureInfo.InvariantCulture, $"  {Quote(vipNames.Take(named.Key, "vip"))}: {{ address: {List(vip)}, ports: {vip.Key}, pool: {Quote(poolName)}, sites: [{site}] }}\n");
                }
            }
        }

        yaml.Append(vips);
    }

    private static void AppendPool(string name, ImmutableArray<ImportedBackend> backends, StringBuilder yaml)
    {
        UniqueNames names = new();
        yaml.Append(CultureInfo.InvariantCulture, $"  {Quote(name)}:\n    backends:\n");
        foreach (ImportedBackend backend in backends)
        {
            string text = names.Take(backend.Name ?? backend.Address.ToString(), "b");
            yaml.Append(CultureInfo.InvariantCulture, $"      - {{ name: {Quote(text)}, address: {Quote(backend.Address.ToString())}, weight: {backend.Weight}")
                .Append(backend.Drain ? ", state: drain" : "");
            if (backend.Labels.Count > 0)
            {
                yaml.Append(CultureInfo.InvariantCulture, $", labels: {{ {string.Join(", ", backend.Labels.Select(l => $"{Quote(l.Key)}: {Quote(l.Value)}"))} }}");
            }

            yaml.Append(" }\n");
        }
    }

    private static string PoolKey(ImportedService service) => string.Join('\n', service.Backends
        .Select(b => string.Create(CultureInfo.InvariantCulture, $"{b.Address} {b.Weight} {b.Drain}")).Order(StringComparer.Ordinal));

    private static IEnumerable<AddressFamily> FamiliesOf(ImmutableArray<ImportedService> services) =>
        services.SelectMany(s => s.Backends).Select(b => b.Address.AddressFamily).Distinct().OrderBy(f => f == AddressFamily.InterNetwork ? 0 : 1);

    private static bool Has(ImmutableArray<string> addresses, AddressFamily family) => addresses.Any(a => a.Contains(':', StringComparison.Ordinal) == (family == AddressFamily.InterNetworkV6));

    private static IEnumerable<string> Fill(ImmutableArray<string> addresses, AddressFamily[] families) =>
        addresses.Concat(families.Where(f => !Has(addresses, f)).Select(f => $"{Placeholder}-{(f == AddressFamily.InterNetwork ? "IPV4" : "IPV6")}"));

    private static string List(IEnumerable<string> values) => values.ToArray() is [var single] && !single.Contains('/', StringComparison.Ordinal)
        ? Quote(single)
        : $"[{string.Join(", ", values.Select(Quote))}]";

    private static string Quote(string text) => "\"" + text.Replace("\\", "\\\\", StringComparison.Ordinal).Replace("\"", "\\\"", StringComparison.Ordinal) + "\"";
}
