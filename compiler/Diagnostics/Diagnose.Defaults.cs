namespace Weir.Compiler.Diagnostics;

/// <summary>112x: what an object takes from wider scopes.</summary>
public static partial class Diagnose
{
    /// <param name="help">What to write, without where.</param>
    public static Diagnostic MissingEverywhere(SourceSpan span, string key, string help) =>
        Error(1120, span, $"{Quote(key)} is missing here and in `defaults`") with { Help = $"{help}; write it here, or in `defaults` for all" };

    /// <param name="key">Below <c>defaults</c>.</param>
    public static Diagnostic UnusedDefault(SourceSpan span, string key) =>
        Warning(1121, span, $"nothing takes {Quote("defaults." + key)}") with { Help = "everything that could take it says otherwise: remove it, or what overrides it" };
}
