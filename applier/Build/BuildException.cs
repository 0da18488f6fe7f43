namespace Weir.Applier.Build;

/// <summary>An object could not be made. The message says why and what to do.</summary>
public sealed class BuildException : Exception
{
    public BuildException(string message, string compilerOutput = "")
        : base(message) => CompilerOutput = compilerOutput;

    /// <summary>All the compiler said, or empty.</summary>
    public string CompilerOutput { get; }
}
