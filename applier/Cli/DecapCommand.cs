using System.Collections.Immutable;
using System.CommandLine;
using System.CommandLine.Parsing;
using System.Net;
using Weir.Applier.Decap;
using Weir.Compiler.Model.Strips;
using Weir.Compiler.Topologies;

namespace Weir.Applier.Cli;

internal static class DecapCommand
{
    /// <summary>Who sends is anybody's where nobody was named: only what no port tells apart from the kernel's own tunnels, as it always was.</summary>
    private static readonly ImmutableArray<IPNetwork> s_everybody = [IPNetwork.Parse("0.0.0.0/0"), IPNetwork.Parse("::/0")];

    public static Command Create()
    {
        CommonOptions common = new();
        Option<string> on = CommonOptions.Interface();
        Option<string[]> from = new("--from")
        {
            Description = "Who may send: prefixes of the load balancers' outer sources, any number of times. Others' packets are dropped and counted. Without it, IPIP alone is taken, from anybody",
            HelpName = "PREFIX",
        };
        Option<string[]> types = new("--types")
        {
            Description = "Which encapsulations to take: ipip, gre, gue, vxlan, geneve; all with --from, else ipip",
            HelpName = "TYPE,...",
            AllowMultipleArgumentsPerToken = true,
        };
        Option<ushort> gue = Port("--gue-port", StripRules.DefaultGuePort, "gue");
        Option<ushort> vxlan = Port("--vxlan-port", StripRules.DefaultVxlanPort, "vxlan");
        Option<ushort> geneve = Port("--geneve-port", StripRules.DefaultGenevePort, "geneve");
        Option<bool> zero = new("--zero-checksum") { Description = "Take UDP over IPv6 without a checksum too (RFC 6935); otherwise it is dropped" };
        Option<bool> show = new("--show") { Description = "Print what the attached one did so far, and change nothing" };
        Option<string?> objectFile = new("--object") { Description = "An object built elsewhere, instead of running clang", HelpName = "FILE" };
        Option<string> mode = CommonOptions.Mode();
        Option<bool> detach = new("--detach") { Description = "Take it off again" };
        from.Validators.Add(result => Refuse(result, Texts(result).Where(text => PrefixOf(text) is null), "is no prefix like 10.10.0.0/24 or 2001:db8::/64"));
        types.Validators.Add(result => Refuse(result, Texts(result).SelectMany(Names).Where(name => TypeOf(name) is null), "is none of ipip, gre, gue, vxlan and geneve"));
        Command command = new ExampleCommand(
            "decap",
            "For backends without tunnel devices: strip the load balancers' encapsulation and pass the inner packet to the stack; run again, it swaps",
            "weir-applier decap --interface eth0 --from 10.10.0.0/24 --from 2001:db8:10::/64",
            "weir-applier decap --interface eth0 --from 10.10.0.1 --types gue --gue-port 6080",
            "weir-applier decap --interface eth0 --show",
            "weir-applier decap --interface eth0 --detach")
        { on, from, types, gue, vxlan, geneve, zero, show, objectFile, mode, detach };
        common.AddTo(command);
        command.Validators.Add(result =>
        {
            if (result.GetValue(from) is null or [] && (result.GetValue(types) ?? []).SelectMany(Names).Any(name => TypeOf(name) is not (null or EncapsulationType.Ipip)))
            {
                result.AddError("--types beyond ipip wants to know who may send: name the load balancers' outer sources with --from.");
            }
        });
        command.SetWork((parsed, cancellation) =>
        {
            DecapSession session = new(common.Paths(parsed));
            string name = parsed.GetValue(on)!;
            if (parsed.GetValue(show))
            {
                return Show(session, name);
            }

            if (parsed.GetValue(detach))
            {
                Console.Out.WriteLine(session.Detach(name) ? $"Detached from {name}." : $"No decapsulator of ours was attached to {name}.");
                return ExitCode.Done;
            }

            ImmutableArray<IPNetwork> senders = [.. (parsed.GetValue(from) ?? []).Select(PrefixOf).OfType<IPNetwork>()];
            ImmutableArray<EncapsulationType> named = [.. (parsed.GetValue(types) ?? []).SelectMany(Names).Select(TypeOf).OfType<EncapsulationType>().Distinct().Order()];
            if (senders.IsEmpty)
            {
                Console.Error.WriteLine("warning: anybody may send IPIP packets to this host; name the load balancers' outer sources with --from");
            }

            StripRules rules = new()
            {
                From = senders.IsEmpty ? s_everybody : senders,
                Types = !named.IsEmpty ? named : senders.IsEmpty ? [EncapsulationType.Ipip] : DecapObject.Types,
                GuePort = parsed.GetValue(gue),
                VxlanPort = parsed.GetValue(vxlan),
                GenevePort = parsed.GetValue(geneve),
                ZeroChecksumV6 = parsed.GetValue(zero),
            };
            DecapCounters? before = session.Counters(name);
            Console.Out.WriteLine(session.Attach(name, rules, parsed.GetValue(objectFile), CommonOptions.ModeOf(parsed.GetValue(mode)!), cancellation));
            if (before is not null)
            {
                Console.Out.WriteLine($"The one before it did:\n{before}");
            }

            return ExitCode.Done;
        });
        return command;
    }

    private static ExitCode Show(DecapSession session, string name)
    {
        if (session.Counters(name) is not { } counters)
        {
            Console.Error.WriteLine($"No decapsulator of ours is attached to {name}.");
            return ExitCode.Failed;
        }

        Console.Out.WriteLine(counters);
        return ExitCode.Done;
    }

    private static Option<ushort> Port(string name, ushort port, string type)
    {
        Option<ushort> option = new(name) { Description = $"UDP port of {type}", HelpName = "PORT", DefaultValueFactory = _ => port };
        option.Validators.Add(result => Refuse(result, Texts(result).Where(text => !ushort.TryParse(text, out ushort value) || value == 0), "is no port"));
        return option;
    }

    private static IEnumerable<string> Texts(OptionResult result) => result.Tokens.Select(token => token.Value);

    private static IEnumerable<string> Names(string text) => text.Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);

    private static void Refuse(OptionResult result, IEnumerable<string> wrong, string why)
    {
        foreach (string text in wrong)
        {
            result.AddError($"{result.Option.Name}: {text} {why}.");
        }
    }

    /// <summary>A prefix, or an address as its own; null when the text is neither.</summary>
    private static IPNetwork? PrefixOf(string text) =>
        text.Contains('/', StringComparison.Ordinal) ? IPNetwork.TryParse(text, out IPNetwork prefix) ? prefix : null
        : IPAddress.TryParse(text, out IPAddress? address) ? new IPNetwork(address, address.GetAddressBytes().Length * 8)
        : null;

    private static EncapsulationType? TypeOf(string name) => DecapObject.Types
        .Select(type => (EncapsulationType?)type)
        .FirstOrDefault(type => string.Equals(type.ToString(), name, StringComparison.OrdinalIgnoreCase));
}
