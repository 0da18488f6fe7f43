using System.Collections.Immutable;
using System.Globalization;
using System.Net;
using Weir.Compiler.Topologies;

namespace Weir.Compiler.Import.Ipvs;

/// <summary>Reads the virtual servers of a keepalived.conf.</summary>
internal static class KeepalivedReader
{
    public static bool Recognises(string[] lines) => lines.Any(l =>
        l.TrimStart() is var line && (line.StartsWith("virtual_server", StringComparison.Ordinal) || line.StartsWith("global_defs", StringComparison.Ordinal)
            || line.StartsWith("vrrp_", StringComparison.Ordinal) || line.StartsWith("include", StringComparison.Ordinal)));

    public static IEnumerable<ImportedService> Read(string[] lines, ImportNotes notes)
    {
        ImmutableArray<KeepalivedStatement> statements = KeepalivedStatement.Parse(lines, notes);
        Dictionary<string, KeepalivedStatement> groups = new(StringComparer.Ordinal);
        foreach (KeepalivedStatement group in statements.Where(s => s.Word(0) == "virtual_server_group"))
        {
            groups[group.Word(1)] = group;
        }

        List<ImportedService> services = [];
        foreach (KeepalivedStatement statement in statements)
        {
            switch (statement.Word(0))
            {
                case "virtual_server":
                    services.AddRange(Services(statement, groups, notes));
                    break;
                case "virtual_server_group" or "global_defs":
                    break;
                case "include":
                    notes.LeaveOut(statement.Line, $"the included file {statement.Word(1)} is not read", "import it by itself");
                    break;
                case var other:
                    notes.LeaveOut(statement.Line, $"{other} is left out: addresses are not moved between hosts", "keep keepalived for it, or announce VIPs by routing");
                    break;
            }
        }

        return services;
    }

    private static List<ImportedService> Services(KeepalivedStatement server, Dictionary<string, KeepalivedStatement> groups, ImportNotes notes)
    {
        string protocol = server.Find("protocol")?.Word(1).ToUpperInvariant() ?? "TCP";
        if (protocol is not ("TCP" or "UDP"))
        {
            IpvsNotes.NoCounterpart(protocol, "protocol", server.Line, notes);
            return [];
        }

        List<ImportedService> services = [];
        TransportProtocol transport = protocol == "TCP" ? TransportProtocol.Tcp : TransportProtocol.Udp;
        string? name = server.Word(1) == "group" ? server.Word(2) : null;
        if (name is not null && !groups.ContainsKey(name))
        {
            notes.Fail(server.Line, $"there is no virtual_server_group {name} in the file", "import it together with the file that holds the group");
            return [];
        }

        foreach ((int line, string address, string port) in name is null
            ? [(server.Line, server.Word(1), server.Word(2))]
            : groups[name].Block.Select(b => (b.Line, b.Word(0), b.Word(1))))
        {
            if (address == "fwmark")
            {
                IpvsNotes.NoCounterpart("fwmark", address, line, notes);
                continue;
            }

            foreach (IPAddress one in Addresses(address, line, notes))
            {
                ushort? number = port.Length == 0 ? 0 : Endpoint.ParsePort(port);
                if (number is not { } known)
                {
                    notes.Fail(line, $"{port} is no port", "write a number from 0 to 65535");
                    continue;
                }

                services.Add(new ImportedService(name, one, known == 0 ? new PortRange(transport, 0, ushort.MaxValue) : new PortRange(transport, known, known), [], line));
            }
        }

        return services.Count == 0 ? [] : WithBackends(server, services, notes);
    }

    private static List<ImportedService> WithBackends(KeepalivedStatement server, List<ImportedService> services, ImportNotes notes)
    {
        ImmutableArray<ImportedBackend>.Builder backends = ImmutableArray.CreateBuilder<ImportedBackend>();
        foreach (KeepalivedStatement statement in server.Block)
        {
            switch (statement.Word(0))
            {
                case "real_server":
                    if (Backend(statement, services[0].Ports, notes) is { } backend)
                    {
                        backends.Add(backend);
                    }

                    break;
                case "lb_algo" or "lvs_sched":
                    IpvsNotes.Scheduler(statement.Word(1), statement.Line, notes);
                    break;
                case "lb_kind" or "lvs_method":
                    IpvsNotes.Method(statement.Word(1).ToUpperInvariant(), statement.Line, notes);
                    break;
                case "persistence_timeout":
                    IpvsNotes.Persistence(statement.Line, notes);
                    break;
                case "sorry_server":
                    notes.LeaveOut(statement.Line, $"the sorry server {statement.Word(1)} is left out: nothing stands in for an empty pool", "keep backends that are active");
                    break;
                case "protocol" or "delay_loop" or "persistence_granularity" or "ip_family":
                    break;
                case var other:
                    notes.LeaveOut(statement.Line, $"{other} is left out: it has no counterpart", "see whether you need it");
                    break;
            }
        }

        return [.. services.Select(s => s with { Backends = backends.ToImmutable() })];
    }

    private static ImportedBackend? Backend(KeepalivedStatement real, PortRange ports, ImportNotes notes)
    {
        string weightText = real.Find("weight")?.Word(1) ?? "1";
        bool known = int.TryParse(weightText, NumberStyles.None, CultureInfo.InvariantCulture, out int weight) && weight <= ushort.MaxValue;
        if (Endpoint.ParseAddress(real.Word(1)) is not { } address || !known)
        {
            notes.Fail(real.Line, $"the real server {real.Word(1)} has no address or no weight from 0 to 65535", "correct it");
            return null;
        }

        if (real.Words.Length > 2 && Endpoint.ParsePort(real.Word(2)) is { } port)
        {
            IpvsNotes.Port(port, ports, real.Line, notes);
        }

        foreach (KeepalivedStatement check in real.Block.Where(b => b.Word(0).EndsWith("_CHECK", StringComparison.Ordinal) || b.Word(0).EndsWith("_GET", StringComparison.Ordinal)))
        {
            notes.LeaveOut(check.Line, $"the health check {check.Word(0)} is left out: health probes come later", "drain backends in the topology until then");
        }

        return new ImportedBackend(address, weight, false, ImmutableSortedDictionary<string, string>.Empty, real.Line);
    }

    /// <summary>One address, or <c>10.0.0.1-9</c>, a range over the last number.</summary>
    private static IEnumerable<IPAddress> Addresses(string text, int line, ImportNotes notes)
    {
        string[] ends = text.Split('-');
        if (Endpoint.ParseAddress(ends[0]) is not { } first)
        {
            notes.Fail(line, $"{text} is no address", "write an IPv4 or IPv6 address");
            return [];
        }

        byte[] bytes = first.GetAddressBytes();
        if (ends.Length == 1)
        {
            return [first];
        }

        if (ends.Length > 2 || bytes.Length != 4 || !byte.TryParse(ends[1], NumberStyles.None, CultureInfo.InvariantCulture, out byte last) || last < bytes[3])
        {
            notes.Fail(line, $"{text} is no range of addresses", "write it as 10.0.0.1-9");
            return [];
        }

        return Enumerable.Range(bytes[3], last - bytes[3] + 1).Select(b => new IPAddress([bytes[0], bytes[1], bytes[2], (byte)b]));
    }
}
