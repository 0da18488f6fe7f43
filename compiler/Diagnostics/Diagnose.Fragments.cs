namespace Weir.Compiler.Diagnostics;

/// <summary>143x: what fragments cannot be followed with.</summary>
public static partial class Diagnose
{
    public static Diagnostic FragmentsWithServerIds(SourceSpan span, string vip, string pool) =>
        Error(1431, span, $"VIP {Quote(vip)} follows fragments, and pool {Quote(pool)} chooses backends by ids within the packet, which later fragments do not have") with
        {
            Help = "say `fragments: drop` (QUIC is never fragmented, RFC 9000), or give what needs fragments a pool of its own",
        };

    public static Diagnostic FragmentsWithNat(SourceSpan span, string vip, string pool) =>
        Error(1432, span, $"VIP {Quote(vip)} follows fragments, and pool {Quote(pool)} is served by NAT, which translates ports that later fragments do not have") with
        {
            Help = "say `fragments: drop`, or send the pool its packets whole by another encapsulation",
        };
}
