namespace Weir.Cli;

/// <summary>The form of <c>weir validate</c>'s findings.</summary>
internal enum ValidateFormat
{
    Text,
    Json,

    /// <summary>SARIF 2.1.0, for code scanning.</summary>
    Sarif,

    /// <summary>Workflow commands, for annotations in pull requests.</summary>
    GitHub,
}
