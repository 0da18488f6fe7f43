using System.Globalization;
using System.Net;
using System.Net.NetworkInformation;
using System.Net.Sockets;

namespace Weir.Compiler.Topologies;

/// <summary>How addresses are written, and read back where we wrote them.</summary>
public static class AddressText
{
    /// <summary><c>02:00:5e:00:53:01</c>.</summary>
    public static string? OfMac(PhysicalAddress? mac) =>
        mac is null ? null : string.Join(':', mac.GetAddressBytes().Select(b => b.ToString("x2", CultureInfo.InvariantCulture)));

    /// <summary>An address, or a prefix in CIDR form where its length is not the address's.</summary>
    public static string? OfSource(OuterSource? source) => source is null
        ? null
        : source.PrefixLength == Bits(source.Address)
            ? source.Address.ToString()
            : string.Create(CultureInfo.InvariantCulture, $"{source.Address}/{source.PrefixLength}");

    /// <summary>Reverses <see cref="OfSource"/>; null when the text is neither.</summary>
    public static OuterSource? ParseSource(string text)
    {
        string[] parts = text.Split('/');
        if (parts.Length > 2 || !IPAddress.TryParse(parts[0], out IPAddress? address))
        {
            return null;
        }

        int length = Bits(address);
        return parts.Length == 1 || (int.TryParse(parts[1], NumberStyles.None, CultureInfo.InvariantCulture, out length) && length <= Bits(address))
            ? new OuterSource(address, length)
            : null;
    }

    private static int Bits(IPAddress address) => address.AddressFamily == AddressFamily.InterNetwork ? 32 : 128;
}
