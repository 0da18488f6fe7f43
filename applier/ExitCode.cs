namespace Weir.Applier;

/// <summary>What the process says to its caller. When several hold, 70 goes before 1, 1 before 3, 3 before 2.</summary>
public enum ExitCode
{
    Done = 0,

    /// <summary>Errors in the input, or the operation failed.</summary>
    Failed = 1,

    /// <summary>Refused by a safety gate, as a program of somebody else on the interface.</summary>
    Refused = 3,

    /// <summary>The command line is wrong (BSD sysexits: EX_USAGE).</summary>
    Usage = 64,

    /// <summary>A bug of ours (EX_SOFTWARE).</summary>
    Bug = 70,

    /// <summary>Try again later (EX_TEMPFAIL).</summary>
    Transient = 75,
}
