using System.Collections.Immutable;
using System.Net;
using Weir.Compiler.Binding;
using Weir.Compiler.Topologies;

namespace Weir.Compiler.Import;

/// <summary>Leaves out what no topology may hold, and says so: reserved addresses, backends twice, backends that are VIPs, services twice or without servers.</summary>
internal static class ServiceFilter
{
    private const string NameIt = "check the source; the topology has the rest";

    public static ImmutableArray<ImportedService> Filter(IEnumerable<ImportedService> services, ImportNotes notes)
    {
        List<ImportedService> all = [.. services];
        HashSet<IPAddress> vips = [.. all.Select(s => s.Address)];
        Dictionary<(IPAddress, PortRange), int> seen = [];
        ImmutableArray<ImportedService>.Builder kept = ImmutableArray.CreateBuilder<ImportedService>();
        foreach (ImportedService service in all)
        {
            string shown = $"{service.Address} {PortText.Format(service.Ports)}";
            ImportedService clean = service with { Backends = Backends(service, vips, notes) };
            if (ReservedRange.Of(service.Address, false) is { } range)
            {
                notes.LeaveOut(service.Line, $"the service {shown} is left out: its address is {range}", "serve it by another address");
            }
            else if (clean.Backends.IsEmpty)
            {
                notes.LeaveOut(service.Line, $"the service {shown} is left out: it has no server", "add backends, or forget it");
            }
            else if (seen.TryGetValue((service.Address, service.Ports), out int first))
            {
                notes.LeaveOut(service.Line, $"the service {shown} is left out: it is defined in line {first} already", NameIt);
            }
            else
            {
                seen.Add((service.Address, service.Ports), service.Line);
                kept.Add(clean);
            }
        }

        if (kept.Count == 0 && !notes.ToImmutable().Any(n => n.Error))
        {
            notes.Fail(0, "there is no service in it that a topology could serve", "see what was left out, or name another file");
        }

        return kept.DrainToImmutable();
    }

    private static ImmutableArray<ImportedBackend> Backends(ImportedService service, HashSet<IPAddress> vips, ImportNotes notes)
    {
        HashSet<IPAddress> seen = [];
        ImmutableArray<ImportedBackend>.Builder kept = ImmutableArray.CreateBuilder<ImportedBackend>();
        foreach (ImportedBackend backend in service.Backends)
        {
            string? reason = ReservedRange.Of(backend.Address, false) is { } range ? $"its address is {range}"
                : vips.Contains(backend.Address) ? "it is a VIP itself"
                : !seen.Add(backend.Address) ? "the service has it already, and a backend is its address: ports stay as the client sent them"
                : null;
            if (reason is null)
            {
                kept.Add(backend);
            }
            else
            {
                notes.LeaveOut(backend.Line, $"the server {backend.Address} is left out: {reason}", "give it an address of its own");
            }
        }

        return kept.DrainToImmutable();
    }
}
