namespace Weir.Compiler.Model.Nat;

/// <summary>How an ICMP error begins.</summary>
/// <param name="Value">The MTU of a too-big answer, the pointer of a parameter problem, else 0.</param>
public readonly record struct IcmpError(byte Type, byte Code, uint Value);

/// <summary>What an ICMP error of one family is in the other (RFC 7915, sections 4.2 and 5.2, figures 3 and 6). What has no counterpart is null: dropped in silence.</summary>
public static class IcmpErrorTypes
{
    /// <summary>Bytes by which the same packet is longer over IPv6.</summary>
    public const int Difference = 20;

    private const int LeastV6Mtu = 1280;

    // RFC 1191, section 7.1, as far as an IPv6 path can be that narrow.
    private static readonly int[] Plateaus = [65535, 32000, 17914, 8166, 4352, 2002, 1492];

    /// <param name="error">Of ICMP for IPv4.</param>
    /// <param name="quotedLength">Total length of the quoted IPv4 packet.</param>
    /// <param name="mtu">The site's, in bytes.</param>
    public static IcmpError? ToV6(IcmpError error, int quotedLength, int mtu) => (error.Type, error.Code) switch
    {
        (3, 0 or 1 or 5 or 6 or 7 or 8 or 11 or 12) => new IcmpError(1, 0, 0),
        (3, 2) => new IcmpError(4, 1, 6),
        (3, 3) => new IcmpError(1, 4, 0),
        (3, 4) => new IcmpError(2, 0, V6Mtu((int)Math.Min(error.Value, 65535), quotedLength, mtu)),
        (3, 9 or 10 or 13 or 15) => new IcmpError(1, 1, 0),
        (11, 0 or 1) => new IcmpError(3, error.Code, 0),
        (12, 0 or 2) => V6Pointer(error.Value) is { } pointer ? new IcmpError(4, 0, pointer) : null,
        _ => null,
    };

    /// <param name="error">Of ICMP for IPv6.</param>
    /// <param name="mtu">The site's, in bytes.</param>
    public static IcmpError? ToV4(IcmpError error, int mtu) => (error.Type, error.Code) switch
    {
        (1, 0 or 2 or 3) => new IcmpError(3, 1, 0),
        (1, 1) => new IcmpError(3, 10, 0),
        (1, 4) => new IcmpError(3, 3, 0),
        (2, _) => new IcmpError(3, 4, (uint)(Math.Min(Math.Max(error.Value, LeastV6Mtu), (uint)mtu) - Difference)),
        (3, 0 or 1) => new IcmpError(11, error.Code, 0),
        (4, 0) => V4Pointer(error.Value) is { } pointer ? new IcmpError(12, 0, pointer) : null,
        (4, 1) => new IcmpError(3, 2, 0),
        _ => null,
    };

    // A router older than RFC 1191 says 0: then the greatest plateau below what did not fit.
    private static uint V6Mtu(int said, int quotedLength, int mtu)
    {
        int path = said > 0 ? said : Plateaus.FirstOrDefault(p => p < quotedLength, LeastV6Mtu);
        return (uint)Math.Max(LeastV6Mtu, Math.Min(path + Difference, mtu));
    }

    private static uint? V6Pointer(uint pointer) => pointer switch
    {
        0 or 1 => pointer,
        2 or 3 => 4,
        8 => 7,
        9 => 6,
        >= 12 and <= 15 => 8,
        >= 16 and <= 19 => 24,
        _ => null,
    };

    private static uint? V4Pointer(uint pointer) => pointer switch
    {
        0 or 1 => pointer,
        4 or 5 => 2,
        6 => 9,
        7 => 8,
        >= 8 and <= 23 => 12,
        >= 24 and <= 39 => 16,
        _ => null,
    };
}
