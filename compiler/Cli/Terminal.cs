using System.Text;

namespace Weir.Cli;

/// <summary>Where a command writes to: results to <paramref name="Out"/>, diagnostics and progress to <paramref name="Error"/>.</summary>
/// <param name="ColorOut">Whether colours suit <paramref name="Out"/>, unless the user says otherwise.</param>
/// <param name="ColorError">Likewise for <paramref name="Error"/>.</param>
public sealed record Terminal(TextWriter Out, TextWriter Error, bool ColorOut, bool ColorError)
{
    /// <summary>What a command reads that is given <c>-</c> for a file.</summary>
    public Stream In { get; init; } = Stream.Null;

    /// <summary>The process's own streams, UTF-8 whatever the locale says; colours only on a terminal and by https://no-color.org.</summary>
    public static Terminal OfProcess()
    {
        bool wanted = string.IsNullOrEmpty(Environment.GetEnvironmentVariable("NO_COLOR")) && Environment.GetEnvironmentVariable("TERM") != "dumb";
        return new Terminal(
            new StreamWriter(Console.OpenStandardOutput(), new UTF8Encoding(false)) { NewLine = "\n" },
            new StreamWriter(Console.OpenStandardError(), new UTF8Encoding(false)) { NewLine = "\n", AutoFlush = true },
            wanted && !Console.IsOutputRedirected,
            wanted && !Console.IsErrorRedirected)
        {
            In = Console.OpenStandardInput(),
        };
    }

    /// <summary>Applies <c>--color</c>.</summary>
    public Terminal With(ColorMode mode) => mode switch
    {
        ColorMode.Always => this with { ColorOut = true, ColorError = true },
        ColorMode.Never => this with { ColorOut = false, ColorError = false },
        _ => this,
    };
}

/// <summary>When to use colours.</summary>
public enum ColorMode
{
    Auto,
    Always,
    Never,
}

/// <summary>The form of results.</summary>
public enum OutputFormat
{
    Text,
    Json,
}
