namespace Weir.Cli;

/// <summary>What a command's exit code says.</summary>
public static class ExitCode
{
    public const int Done = 0;

    /// <summary>Errors in the input, or the operation failed.</summary>
    public const int Failed = 1;

    /// <summary>There are changes; only where that was asked for.</summary>
    public const int Changes = 2;

    /// <summary>A safety gate refuses.</summary>
    public const int Refused = 3;

    /// <summary>The command line is wrong.</summary>
    public const int Usage = 64;

    /// <summary>A bug of ours.</summary>
    public const int Bug = 70;
}
