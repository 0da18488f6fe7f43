using System.CommandLine;
using Weir.Applier.Decap;

namespace Weir.Applier.Cli;

internal static class DecapCommand
{
    private const string Text = """
        For backends without tunnel devices: strips IPIP (4-in-4, 6-in-6, 4-in-6, 6-in-4) from what arrives on an interface
        and hands the inner packets to the host's stack. Run again, it swaps its program without losing a packet.

        Examples:
          weir-applier decap --interface eth0
          weir-applier decap --interface eth0 --detach
        """;

    public static Command Create()
    {
        CommonOptions common = new();
        Option<string> on = CommonOptions.Interface();
        Option<string?> objectFile = new("--object") { Description = "An object built elsewhere, instead of running clang", HelpName = "FILE" };
        Option<string> mode = CommonOptions.Mode();
        Option<bool> detach = new("--detach") { Description = "Take it off again" };
        Command command = new("decap", Text) { on, objectFile, mode, detach };
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
