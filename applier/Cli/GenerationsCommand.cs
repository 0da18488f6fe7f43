using System.CommandLine;
using System.Globalization;
using Spectre.Console;
using Weir.Applier.State;

namespace Weir.Applier.Cli;

internal static class GenerationsCommand
{
    public static Command Create()
    {
        CommonOptions common = new();
        Command command = new ExampleCommand("generations", "List the generations that are kept, newest first; * marks the current one", "weir-applier generations")
        { common.State };
        command.SetWork((parsed, _) =>
        {
            string directory = Path.GetFullPath(parsed.GetValue(common.State)!);
            Table table = Output.Table(["interface", "generation", "applied", "change", "site", "bundle", "reason"], numbers: 0);
            foreach (string name in InterfaceState.Interfaces(directory))
            {
                InterfaceState state = InterfaceState.Open(directory, name);
                foreach (GenerationRecord record in state.Numbers.Reverse().Select(state.Record).OfType<GenerationRecord>())
                {
                    table.Row(
                        name,
                        record.Number.ToString(CultureInfo.InvariantCulture) + (record.Number == state.Current ? " *" : ""),
                        record.Created.ToString("u", CultureInfo.InvariantCulture),
                        record.Change.ToString().ToLowerInvariant(),
                        record.Site,
                        record.BundleDigest[..12],
                        record.Reason);
                }
            }

            Output.Console.Write(table);
            return ExitCode.Done;
        });
        return command;
    }
}
