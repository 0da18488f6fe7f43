using System.CommandLine;
using System.Text.Json;
using Weir.Applier.Status;

namespace Weir.Applier.Cli;

internal static class StatusCommand
{
    private const string Text = """
        Says what runs on this host's interfaces: generation, program, next hops, packets and bytes per VIP and backend,
        why packets were not forwarded, and what is not as it was applied.

        Examples:
          weir-applier status
          weir-applier status --json
        """;

    public static Command Create()
    {
        CommonOptions common = new();
        Option<bool> json = CommonOptions.Json("status.schema.json");
        Command command = new("status", Text) { json };
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
