using System.Diagnostics;
using Spectre.Console;

namespace Weir.Lab.Quickstart;

/// <summary>Progress on stderr, results on stdout; colour only on a terminal and never with NO_COLOR.</summary>
internal sealed class Say
{
    private readonly long _start = Stopwatch.GetTimestamp();
    private readonly IAnsiConsole _progress = For(Console.Error, Console.IsErrorRedirected ? 200 : null);

    public IAnsiConsole Results { get; } = For(Console.Out, Console.IsOutputRedirected ? 100 : null);

    /// <summary>One thing that is about to be done.</summary>
    public void Step(string text) =>
        _progress.MarkupLineInterpolated($"[grey]{Stopwatch.GetElapsedTime(_start).TotalSeconds,5:F1} s[/]  {text}");

    /// <summary>What a tool printed, under the step that ran it.</summary>
    public void Detail(string text)
    {
        foreach (var line in text.Split('\n', StringSplitOptions.RemoveEmptyEntries))
        {
            _progress.MarkupLineInterpolated($"         [grey]{line.TrimEnd()}[/]");
        }
    }

    private static IAnsiConsole For(TextWriter writer, int? width)
    {
        var console = AnsiConsole.Create(new AnsiConsoleSettings { Out = new AnsiConsoleOutput(writer) });
        console.Profile.Width = width ?? console.Profile.Width;

        return console;
    }
}
