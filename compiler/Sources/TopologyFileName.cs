namespace Weir.Compiler.Sources;

/// <summary>Which files belong to a topology; the same in a directory and in a git revision.</summary>
public static class TopologyFileName
{
    /// <summary>Whether a file or folder is left out unseen: its name begins with a dot.</summary>
    public static bool IsHidden(string name) => name.StartsWith('.');

    /// <summary>Whether a file is read.</summary>
    public static bool IsTopology(string name) => name.EndsWith(".yaml", StringComparison.Ordinal);

    /// <summary>Whether a file looks as if it were meant to be read.</summary>
    public static bool IsMistaken(string name) =>
        name.EndsWith(".yml", StringComparison.OrdinalIgnoreCase)
        || (name.EndsWith(".yaml", StringComparison.OrdinalIgnoreCase) && !IsTopology(name));
}
