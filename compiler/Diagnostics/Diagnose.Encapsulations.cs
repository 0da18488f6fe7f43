namespace Weir.Compiler.Diagnostics;

/// <summary>151x and 152x: what encapsulations need and can carry.</summary>
public static partial class Diagnose
{
    /// <param name="having">The types that have the key, between commas.</param>
    public static Diagnostic EncapsulationKeyOfOtherType(SourceSpan span, string key, string type, string having, SourceSpan typePlace) =>
        Error(1510, span, $"encapsulation {Quote(type)} has no {Quote(key)}")
            .With(typePlace, "the type is said here") with
        {
            Help = $"remove it, or choose a type that has it: {having}",
        };

    public static Diagnostic EncapsulationKeyMissing(SourceSpan span, string type, string key, SourceSpan user) =>
        Error(1511, span, $"encapsulation {Quote(type)} needs {Quote(key)}")
            .With(user, "this has the encapsulation") with
        {
            Help = $"add {Quote(key)} beside the type, or in a wider scope that has the same type",
        };

    public static Diagnostic GeneveOptionsTooLong(SourceSpan span, int bytes, int most) =>
        Error(1512, span, $"the options take {bytes} bytes; a Geneve header holds {most}") with { Help = "each option takes 4 bytes and its data: leave some out" };
}
