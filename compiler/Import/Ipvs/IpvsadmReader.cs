using System.Collections.Immutable;
using System.Globalization;
using System.Net;
using Weir.Compiler.Topologies;

namespace Weir.Compiler.Import.Ipvs;

/// <summary>Reads what <c>ipvsadm -Sn</c> writes: <c>-A -t 203.0.113.10:80 -s wrr</c>, <c>-a -t 203.0.113.10:80 -r 10.1.0.11:80 -i -w 100</c>.</summary>
internal static class IpvsadmReader
{
    public static IEnumerable<ImportedService> Read(string[] lines, ImportNotes notes)
    {
        Dictionary<string, ImportedService?> services = new(StringComparer.Ordinal);
        for (int i = 0; i < lines.Length; i++)
        {
            string[] words = lines[i].Split((char[])[' ', '\t'], StringSplitOptions.RemoveEmptyEntries);
            if (words.Length == 0 || words[0].StartsWith('#'))
            {
                continue;
            }

            if (words[0] is "-A" or "--add-service" && words.Length >= 3)
            {
                services[$"{Short(words[1])} {words[2]}"] = Service(words, i + 1, notes);
            }
            else if (words[0] is "-a" or "--add-server" && words.Length >= 3)
            {
                string key = $"{Short(words[1])} {words[2]}";
                if (!services.TryGetValue(key, out ImportedService? service))
                {
                    notes.Fail(i + 1, "a server stands before its service", "import the whole of what ipvsadm -Sn prints");
                }
                else if (service is not null && Backend(words, service, i + 1, notes) is { } backend)
                {
                    services[key] = service with { Backends = service.Backends.Add(backend) };
                }
            }
            else
            {
                notes.Fail(i + 1, $"{words[0]} begins no line that ipvsadm -Sn writes", "import what ipvsadm -Sn prints, or a keepalived.conf");
            }
        }

        return services.Values.OfType<ImportedService>();
    }

    private static ImportedService? Service(string[] words, int line, ImportNotes notes)
    {
        TransportProtocol? protocol = Short(words[1]) switch { "-t" => TransportProtocol.Tcp, "-u" => TransportProtocol.Udp, _ => null };
        if (protocol is not { } known)
        {
            bool mark = Short(words[1]) == "-f";
            IpvsNotes.NoCounterpart(mark ? "fwmark" : words[1] == "--sctp-service" ? "SCTP" : null, words[1], line, notes);
            return null;
        }

        if (Endpoint.Parse(words[2]) is not { } endpoint)
        {
            notes.Fail(line, $"{words[2]} is no address with a port", "use ipvsadm -Sn, which writes numbers, not names");
            return null;
        }

        for (int i = 3; i < words.Length; i++)
        {
            Option(words, ref i, line, notes);
        }

        PortRange ports = endpoint.Port == 0 ? new PortRange(known, 0, ushort.MaxValue) : new PortRange(known, endpoint.Port, endpoint.Port);
        return new ImportedService(null, endpoint.Address, ports, [], line);
    }

    private static void Option(string[] words, ref int i, int line, ImportNotes notes)
    {
        string? value = i + 1 < words.Length && !words[i + 1].StartsWith('-') ? words[i + 1] : null;
        switch (words[i])
        {
            case "-s" or "--scheduler":
                IpvsNotes.Scheduler(value ?? "", line, notes);
                break;
            case "-p" or "--persistent":
                IpvsNotes.Persistence(line, notes);
                break;
            case "-M" or "--netmask" or "-6" or "--ipv6":
                break;
            default:
                notes.LeaveOut(line, $"the option {words[i]} of a service is left out: it has no counterpart", "see whether you need it");
                break;
        }

        i += value is null ? 0 : 1;
    }

    private static ImportedBackend? Backend(string[] words, ImportedService service, int line, ImportNotes notes)
    {
        IPAddress? address = null;
        int weight = 1;
        for (int i = 3; i < words.Length; i++)
        {
            string? value = i + 1 < words.Length && !words[i + 1].StartsWith('-') ? words[i + 1] : null;
            switch (words[i])
            {
                case "-r" or "--real-server" when value is not null && Endpoint.Parse(value) is { } endpoint:
                    address = endpoint.Address;
                    IpvsNotes.Port(endpoint.Port, service.Ports, line, notes);
                    break;
                case "-w" or "--weight" when int.TryParse(value, NumberStyles.None, CultureInfo.InvariantCulture, out int given) && given <= ushort.MaxValue:
                    weight = given;
                    break;
                case "-m" or "--masquerading":
                    IpvsNotes.Method("NAT", line, notes);
                    break;
                case "-g" or "--gatewaying":
                    IpvsNotes.Method("DR", line, notes);
                    break;
                case "-i" or "--ipip":
                    break;
                case "--tun-type" when value is "ipip":
                    break;
                case "-r" or "--real-server" or "-w" or "--weight":
                    notes.Fail(line, $"{words[i]} {value} cannot be read", "use ipvsadm -Sn, which writes numbers, not names");
                    return null;
                default:
                    notes.LeaveOut(line, $"the option {words[i]} of a server is left out: it has no counterpart", "see whether you need it");
                    break;
            }

            i += value is null ? 0 : 1;
        }

        if (address is null)
        {
            notes.Fail(line, "the server has no address", "use ipvsadm -Sn, which writes -r with an address and a port");
            return null;
        }

        return new ImportedBackend(address, weight, false, ImmutableSortedDictionary<string, string>.Empty, line);
    }

    private static string Short(string option) => option switch
    {
        "--tcp-service" => "-t",
        "--udp-service" => "-u",
        "--fwmark-service" => "-f",
        _ => option,
    };
}
