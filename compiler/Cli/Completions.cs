using System.CommandLine;
using System.CommandLine.Completions;
using System.CommandLine.Parsing;
using Weir.Compiler.Diagnostics;

namespace Weir.Cli;

/// <summary>What is offered for values on the command line: the words of an option, sites of the topology at hand, codes and rules.</summary>
internal static class Completions
{
    /// <summary>Adds sources to a command and those below it.</summary>
    public static void AddTo(Command command)
    {
        foreach (Option option in command.Options)
        {
            if (option.Name == "--site")
            {
                Offer(option.CompletionSources, Sites);
            }
            else if (Words(option.ValueType, option.HelpName) is { } words)
            {
                Offer(option.CompletionSources, _ => words);
            }
        }

        foreach (Argument argument in command.Arguments)
        {
            if (argument.Name == "WHAT")
            {
                argument.HelpName = argument.Name; // else help would list them all
                Offer(argument.CompletionSources, _ => [.. DiagnosticPage.Codes, .. LintRules.All.Select(r => r.Name)]);
            }
            else if (Words(argument.ValueType, argument.HelpName) is { } words)
            {
                Offer(argument.CompletionSources, _ => words);
            }
        }

        foreach (Command below in command.Subcommands)
        {
            AddTo(below);
        }
    }

    /// <summary>As they are written, which is not how the enumeration names them.</summary>
    private static string[]? Words(Type type, string? help) => (Nullable.GetUnderlyingType(type) ?? type) switch
    {
        { IsEnum: true } when help is not null && help.Contains('|', StringComparison.Ordinal) => help.Split('|'),
        { IsEnum: true } names => [.. Enum.GetNames(names).Select(n => n.ToLowerInvariant())],
        _ => null,
    };

    private static void Offer(List<Func<CompletionContext, IEnumerable<CompletionItem>>> sources, Func<ParseResult, IEnumerable<string>> words)
    {
        sources.Clear();
        sources.Add(context => words(context.ParseResult)
            .Where(w => w.StartsWith(context.WordToComplete, StringComparison.OrdinalIgnoreCase))
            .Select(w => new CompletionItem(w)));
    }

    /// <summary>Nothing where the topology cannot be read: a shell wants no findings.</summary>
    private static IEnumerable<string> Sites(ParseResult line)
    {
        try
        {
            return TopologyInput.Read(DirectoryOf(line), revision: null, CancellationToken.None).Result.Topology?.Sites.Select(s => s.Name) ?? [];
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or ArgumentException)
        {
            return [];
        }
    }

    private static string DirectoryOf(ParseResult line)
    {
        Command command = line.CommandResult.Command;
        IEnumerable<Token> named = command.Options.Where(o => o.Name == "--topology").SelectMany(o => line.GetResult(o)?.Tokens ?? []);
        IEnumerable<Token> placed = command.Arguments.Where(a => a.Name == "DIR").SelectMany(a => line.GetResult(a)?.Tokens ?? []);
        return named.Concat(placed).Select(t => t.Value).FirstOrDefault(v => v.Length > 0) ?? ".";
    }
}
