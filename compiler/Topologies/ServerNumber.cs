using System.Globalization;

namespace Weir.Compiler.Topologies;

/// <summary>Server ids as numbers. A field longer than the id is filled with leading zeros, so that one id serves configs of several lengths, Katran's versions
/// and a TCP option alike.</summary>
public static class ServerNumber
{
    /// <summary>Bytes of the longest server id (draft-ietf-quic-load-balancers, section 3.2).</summary>
    public const int MaxLength = 15;

    /// <summary>Bytes of the longest id that Katran's connection ids hold, and of a TCP option's.</summary>
    public const int MaxShortLength = 4;

    /// <param name="id">1 to 15 bytes in hex.</param>
    /// <returns>Below 2^120.</returns>
    public static UInt128 Of(string id) => UInt128.Parse(id, NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture);

    /// <summary>Big-endian, in a field of so many bytes that the number fits.</summary>
    public static byte[] Bytes(UInt128 number, int length)
    {
        var bytes = new byte[length];
        for (int at = length - 1; at >= 0; at--, number >>= 8)
        {
            bytes[at] = (byte)(number & 0xff);
        }

        return bytes;
    }
}
