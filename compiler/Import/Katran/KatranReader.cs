using System.Collections.Immutable;
using System.Globalization;
using System.Net;
using System.Text.RegularExpressions;
using Weir.Compiler.Topologies;

namespace Weir.Compiler.Import.Katran;

/// <summary>Reads what <c>katran_goclient -l</c> prints: a line per VIP, a line with its flags, a line per real.</summary>
internal static partial class KatranReader
{
    public static List<ImportedService> Read(string[] lines, ImportNotes notes)
    {
        List<ImportedService> services = [];
        bool open = false;
        for (int i = 0; i < lines.Length; i++)
        {
            int number = i + 1;
            string line = lines[i].Trim();
            if (Vip().Match(line) is { Success: true } vip)
            {
                ImportedService? service = Service(vip, number, notes);
                open = service is not null;
                services.AddRange(service is null ? [] : [service]);
            }
            else if (Real().Match(line) is { Success: true } real)
            {
                if (open && Backend(real, number, notes) is { } backend)
                {
                    services[^1] = services[^1] with { Backends = services[^1].Backends.Add(backend) };
                }
                else if (services.Count == 0)
                {
                    notes.Fail(number, "a real stands before the first VIP", "import the whole listing");
                }
            }
            else if (line.StartsWith("Vip's flags:", StringComparison.Ordinal))
            {
                Flags(line["Vip's flags:".Length..], number, notes);
            }
            else if (line.StartsWith("real:", StringComparison.Ordinal))
            {
                notes.LeaveOut(number, "a connection id of QUIC is left out: there is no QUIC steering yet", "keep QUIC where it is for now");
            }
            else if (line.StartsWith("somark:", StringComparison.Ordinal))
            {
                notes.LeaveOut(number, "a health check's mark is left out: health probes come later", "drain backends in the topology until then");
            }
            else if (line.Length > 0 && line is not "exiting" && !Log().IsMatch(line))
            {
                notes.Fail(number, $"this is no line of katran_goclient's listing: {Shorten(line)}", "import what katran_goclient -l prints, unchanged");
            }
        }

        return services;
    }

    private static ImportedService? Service(Match vip, int line, ImportNotes notes)
    {
        if (Endpoint.ParseAddress(vip.Groups["address"].Value) is not { } address || Endpoint.ParsePort(vip.Groups["port"].Value) is not { } port)
        {
            notes.Fail(line, $"{Shorten(vip.Value)} has no address or port that can be read", "correct the line");
            return null;
        }

        TransportProtocol protocol = vip.Groups["protocol"].Value == "tcp" ? TransportProtocol.Tcp : TransportProtocol.Udp;
        return new ImportedService(null, address, port == 0 ? new PortRange(protocol, 0, ushort.MaxValue) : new PortRange(protocol, port, port), [], line);
    }

    private static ImportedBackend? Backend(Match real, int line, ImportNotes notes)
    {
        IPAddress? address = Endpoint.ParseAddress(real.Groups["address"].Value);
        bool known = int.TryParse(real.Groups["weight"].Value, NumberStyles.None, CultureInfo.InvariantCulture, out int weight) && weight <= ushort.MaxValue;
        if (address is null || !known)
        {
            notes.Fail(line, $"{Shorten(real.Value)} has no address or no weight from 0 to 65535", "correct the line");
            return null;
        }

        return new ImportedBackend(address, weight, false, ImmutableSortedDictionary<string, string>.Empty, line);
    }

    private static void Flags(string flags, int line, ImportNotes notes)
    {
        foreach (string flag in flags.Split(' ', StringSplitOptions.RemoveEmptyEntries))
        {
            (string what, string help) = flag switch
            {
                "NO_SPORT" => ("the flag NO_SPORT is left out: a flow is always hashed with its source port", "expect connections of one client on several backends"),
                "NO_LRU" => ("the flag NO_LRU has no counterpart: flows are not tracked while nothing changes", "there is nothing to do"),
                "QUIC_VIP" => ("the flag QUIC_VIP is left out: there is no steering by connection id yet", "expect a client that changes its address to reach another backend"),
                "DPORT_HASH" => ("the flag DPORT_HASH is left out: a flow is always hashed with all its ports", "there is nothing to do, unless VIPs must share their choice"),
                _ => ($"the flag {Shorten(flag)} is not known", "see what it meant"),
            };
            notes.LeaveOut(line, what, help);
        }
    }

    private static string Shorten(string text) => text.Length <= 60 ? text : text[..60] + "...";

    [GeneratedRegex(@"\AVIP: +(?<address>[0-9A-Fa-f:.]+) +Port: +(?<port>[0-9]+) +Protocol: +(?<protocol>tcp|udp)\z", RegexOptions.CultureInvariant)]
    private static partial Regex Vip();

    [GeneratedRegex(@"\A->(?<address>[0-9A-Fa-f:.]+) +weight: +(?<weight>[0-9]+)(?: +flags:.*)?\z", RegexOptions.CultureInvariant)]
    private static partial Regex Real();

    [GeneratedRegex(@"\A(?:[0-9]{4}/[0-9]{2}/[0-9]{2} [0-9:]{8} |vips len )", RegexOptions.CultureInvariant)]
    private static partial Regex Log();
}
