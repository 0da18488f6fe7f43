using System.CommandLine;
using Weir.Applier.Decap;

namespace Weir.Applier.Cli;

internal static class DecapCommand
{
    public static Command Create()
    {
        CommonOptions common = new();
        Option<string> on = CommonOptions.Interface();
        Option<string?> objectFile = new("--object") { Description = "An object built elsewhere, instead of running clang", HelpName = "FILE" };
        Option<string> mode = CommonOptions.Mode();
        Option<bool> detach = new("--detach") { Description = "Take it off again" };
        Command command = new ExampleCommand(
            "decap",
            "For backends without tunnel devices: strip IPIP and pass the inner packet to the stack; run again, it swaps",
            "weir-applier decap --interface eth0",
            "weir-applier decap --interface eth0 --detach")
        { on, objectFile, mode, detach };
        common.AddTo(command);
        command.SetWork((parsed, cancellation) =>
        {
            DecapSession session = new(common.Paths(parsed));
            string name = parsed.GetValue(on)!;
            Console.Out.WriteLine(parsed.GetValue(detach)
                ? session.Detach(name) ? $"Detached from {name}." : $"No decapsulator of ours was attached to {name}."
                : session.Attach(name, parsed.GetValue(objectFile), CommonOptions.ModeOf(parsed.GetValue(mode)!), cancellation));
            return ExitCode.Done;
        });
        return command;
    }
}
