namespace Weir.Compiler.Syntax;

/// <summary>What a topology may cost to read, so that no file can exhaust the machine.</summary>
public static class SyntaxLimits
{
    /// <summary>Levels of mappings and sequences. The language itself needs six.</summary>
    public const int Depth = 64;

    /// <summary>Values that the aliases and merge keys of one file may stand for.</summary>
    public const long AliasValues = 200_000;

    /// <summary>Values in one file.</summary>
    public const long Values = 2_000_000;
}
