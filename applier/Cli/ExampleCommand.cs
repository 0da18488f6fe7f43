using System.CommandLine;
using System.CommandLine.Help;

namespace Weir.Applier.Cli;

/// <summary>A command whose help ends with command lines to copy.</summary>
internal sealed class ExampleCommand(string name, string description, params string[] examples) : Command(name, description)
{
    /// <summary>Prints them when it was help that was asked for.</summary>
    public static void PrintAfterHelp(ParseResult parsed)
    {
        if (parsed.Action is HelpAction && parsed.CommandResult.Command is ExampleCommand command)
        {
            Console.Out.WriteLine("Examples:");
            foreach (string example in command.Examples)
            {
                Console.Out.WriteLine($"  {example}");
            }
        }
    }

    private string[] Examples { get; } = examples;
}
