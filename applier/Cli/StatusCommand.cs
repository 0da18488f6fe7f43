using System.CommandLine;
using System.Text.Json;
using Weir.Applier.Status;

namespace Weir.Applier.Cli;

internal static class StatusCommand
{
    public static Command Create()
    {
        CommonOptions common = new();
        Option<bool> json = CommonOptions.Json("status.schema.json");
        Command command = new ExampleCommand(
            "status",
            "Say what runs here: generation, program, next hops, counters, and what is not as it was applied",
            "weir-applier status",
            "weir-applier status --json")
        { json };
        common.AddTo(command);
        command.SetWork((parsed, _) =>
        {
            StatusReport report = StatusReader.Read(common.Paths(parsed));
            if (parsed.GetValue(json))
            {
                Console.Out.WriteLine(JsonSerializer.Serialize(report, StatusJson.Default.StatusReport));
            }
            else
            {
                StatusText.Print(report);
            }

            return ExitCode.Done;
        });
        return command;
    }
}
