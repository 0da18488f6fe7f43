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

    public static Diagnostic NoHeadroom(SourceSpan span, string type, int outer, int most, SourceSpan backend) =>
        Error(1513, span, $"encapsulation {Quote(type)} puts {outer} bytes in front of a packet; some drivers have room for {most}")
            .With(backend, "to this backend") with
        {
            Help = "leave options out, or reach the backend over IPv4",
        };

    public static Diagnostic NoRoomForIpv6(SourceSpan span, string type, int outer, string site, int mtu, int needed, SourceSpan mtuPlace) =>
        Error(1514, span, $"encapsulation {Quote(type)} takes {outer} bytes of the MTU of site {Quote(site)}, {mtu}: IPv6 packets of {needed} bytes no longer fit")
            .With(mtuPlace, "the path to the backends") with
        {
            Help = $"a path of {needed + outer} bytes, or an encapsulation that takes less, carries them",
        };

    public static Diagnostic TooManyEncapsulations(SourceSpan span, string site, int count, int most) =>
        Error(1515, span, $"backends of site {Quote(site)} have {count} encapsulations that differ in more than their source; a program has {most}") with
        {
            Help = "give backends the same options, or move some to another site",
        };

    public static Diagnostic TooManyOuterSources(SourceSpan span, string site, int count, int most) =>
        Error(1516, span, $"backends of site {Quote(site)} have {count} outer sources of a family; a program has {most}") with
        {
            Help = "use a prefix as source, which spreads flows over its addresses",
        };
}
