using System.CommandLine;
using Weir.Applier.Apply;

namespace Weir.Applier.Cli;

internal static class DetachCommand
{
    public static Command Create()
    {
        CommonOptions common = new();
        Option<string> on = CommonOptions.Interface();
        Command command = new ExampleCommand(
            "detach", "Take our program off an interface; generations are kept", "weir-applier detach --interface eth0")
        { on };
        common.AddTo(command);
        command.SetWork((parsed, _) =>
        {
            string name = parsed.GetValue(on)!;
            Console.Out.WriteLine(Detachment.Run(common.Paths(parsed), name) ? $"Detached from {name}." : $"Nothing of ours was attached to {name}.");
            return ExitCode.Done;
        });
        return command;
    }
}
