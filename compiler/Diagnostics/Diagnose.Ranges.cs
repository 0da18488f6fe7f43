namespace Weir.Compiler.Diagnostics;

/// <summary>132x: ranges of VIPs.</summary>
public static partial class Diagnose
{
    public static Diagnostic AddressInRange(SourceSpan span, string address, string range, SourceSpan rangeSpan) =>
        Error(1320, span, $"{Quote(address)} is already in range {Quote(range)} of the VIP").With(rangeSpan, "the range is here") with
        {
            Help = "a range stands for every address in it: remove one of the two",
        };

    public static Diagnostic NextHopIsVip(SourceSpan span, string address, string vip, SourceSpan vipAddress) =>
        Error(1321, span, $"gateway {Quote(address)} is an address of VIP {Quote(vip)}").With(vipAddress, "the VIP's address is here") with
        {
            Help = "packets would come back to the load balancer: name the router's own address",
        };

    public static Diagnostic SourceIsVip(SourceSpan span, string source, string vip, SourceSpan vipAddress) =>
        Error(1322, span, $"outer source {Quote(source)} has an address of VIP {Quote(vip)}").With(vipAddress, "the VIP's address is here") with
        {
            Help = "answers to the load balancer would be taken for the VIP's traffic: use an address of the load balancer's own",
        };
}
