using Weir.Compiler.Sources;

namespace Weir.Compiler.Diagnostics;

/// <summary>The lines of a topology's files, split when first asked for.</summary>
internal sealed class SourceLines(SourceSet sources)
{
    private readonly Dictionary<string, string[]> _lines = new(StringComparer.Ordinal);

    /// <summary>Without line ends; empty when there is no such file.</summary>
    public string[] Of(string file)
    {
        if (!_lines.TryGetValue(file, out string[]? lines))
        {
            lines = sources.TextOf(file)?.Replace("\r\n", "\n", StringComparison.Ordinal).Split('\n', '\r') ?? [];
            _lines.Add(file, lines);
        }

        return lines;
    }
}
