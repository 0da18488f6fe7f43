using System.CommandLine;
using Weir.Applier;
using Weir.Applier.Cli;

RootCommand root = new("Brings compiled topologies onto interfaces of this host, and says what runs there.")
{
    ApplyCommand.Create(),
    StatusCommand.Create(),
    GenerationsCommand.Create(),
    DetachCommand.Create(),
    BenchCommand.Create(),
    InspectCommand.Create(),
    DecapCommand.Create(),
};

ParseResult parsed = root.Parse(args);
if (parsed.Errors.Count > 0)
{
    foreach (var error in parsed.Errors)
    {
        Console.Error.WriteLine(error.Message);
    }

    Console.Error.WriteLine($"See: weir-applier {(parsed.CommandResult.Command is RootCommand ? "" : parsed.CommandResult.Command.Name + " ")}--help");
    return (int)ExitCode.Usage;
}

int exit = await parsed.InvokeAsync(new InvocationConfiguration { EnableDefaultExceptionHandler = false });
ExampleCommand.PrintAfterHelp(parsed);
return exit;
