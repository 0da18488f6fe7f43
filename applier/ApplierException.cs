namespace Weir.Applier;

/// <summary>An operation that could not be done, with a sentence for a person: what is wrong, what to do.
/// What ran before goes on running.</summary>
public sealed class ApplierException(ExitCode exit, string message, Exception? inner = null) : Exception(message, inner)
{
    public ExitCode Exit { get; } = exit;

    public static ApplierException Failed(string message, Exception? inner = null) => new(ExitCode.Failed, message, inner);

    public static ApplierException Refused(string message) => new(ExitCode.Refused, message);

    public static ApplierException Transient(string message, Exception? inner = null) => new(ExitCode.Transient, message, inner);
}
