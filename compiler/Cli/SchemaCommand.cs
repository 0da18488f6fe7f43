using System.CommandLine;
using Weir.Compiler.Structure;

namespace Weir.Cli;

/// <summary><c>weir schema</c>: the language, for editors or for people.</summary>
internal static class SchemaCommand
{
    public static Command Create(Terminal terminal)
    {
        Option<SchemaFormat> format = new("--format")
        {
            Description = "A JSON schema for editors and other tools, or a reference for people",
            DefaultValueFactory = _ => SchemaFormat.Json,
            HelpName = "json|markdown",
        };
        Command command = new("schema", "Print the JSON schema of topology files, or the language's reference.") { format };
        command.SetAction(result =>
        {
            terminal.Out.Write(result.GetValue(format) == SchemaFormat.Markdown ? LanguageReference.Render() : TopologySchema.Text);
            return ExitCode.Done;
        });
        return command;
    }

    private enum SchemaFormat
    {
        Json,
        Markdown,
    }
}
