using System.Globalization;
using System.Net;
using System.Net.Sockets;
using Weir.Compiler.Diagnostics;
using Weir.Compiler.Syntax;
using Weir.Compiler.Topologies;

namespace Weir.Compiler.Binding;

/// <summary>Reads addresses and prefixes: IPv4 as four decimal numbers without leading zeros, IPv6 by RFC 4291, section 2.2, without a zone.</summary>
internal static class AddressReader
{
    /// <summary>Below these, a prefix claims more addresses than any site has.</summary>
    private const int ShortestV4 = 8;
    private const int ShortestV6 = 32;

    /// <summary>Likewise for a VIP's addresses.</summary>
    private const int WidestRangeV4 = 8;
    private const int WidestRangeV6 = 16;

    /// <summary>A unicast address that can be routed.</summary>
    public static Located<IPAddress>? Read(ScalarNode node, List<Diagnostic> diagnostics) => Read(node, linkLocal: false, diagnostics);

    /// <summary>Likewise, or a link-local one: routers often have no other.</summary>
    public static Located<IPAddress>? ReadGateway(ScalarNode node, List<Diagnostic> diagnostics) => Read(node, linkLocal: true, diagnostics);

    /// <summary>An address, or a prefix in CIDR form without host bits.</summary>
    public static Located<OuterSource>? ReadPrefix(ScalarNode node, List<Diagnostic> diagnostics) =>
        ReadPrefix(node, ShortestV4, ShortestV6, diagnostics);

    /// <summary>Likewise, as the addresses it stands for; a single address has its full length.</summary>
    public static Located<IPNetwork>? ReadRange(ScalarNode node, List<Diagnostic> diagnostics) =>
        ReadPrefix(node, WidestRangeV4, WidestRangeV6, diagnostics) is { } prefix
            ? new Located<IPNetwork>(new IPNetwork(prefix.Value.Address, prefix.Value.PrefixLength), node.Span)
            : null;

    /// <summary>The same of any length.</summary>
    public static Located<IPNetwork>? ReadAnyRange(ScalarNode node, List<Diagnostic> diagnostics) =>
        ReadPrefix(node, 0, 0, diagnostics) is { } prefix ? new Located<IPNetwork>(new IPNetwork(prefix.Value.Address, prefix.Value.PrefixLength), node.Span) : null;

    public static int BitsOf(IPAddress address) => address.AddressFamily == AddressFamily.InterNetwork ? 32 : 128;

    private static Located<OuterSource>? ReadPrefix(ScalarNode node, int shortestV4, int shortestV6, List<Diagnostic> diagnostics)
    {
        int slash = node.Text.IndexOf('/', StringComparison.Ordinal);
        if (slash < 0)
        {
            return Read(node, diagnostics) is { } single ? new(new OuterSource(single.Value, BitsOf(single.Value)), node.Span) : null;
        }

        if (!TryParse(node.Text[..slash], out IPAddress address, out _) || !TryParseLength(node.Text[(slash + 1)..], BitsOf(address), out int length))
        {
            diagnostics.Add(Diagnose.MalformedPrefix(node.Span, node.Text));
            return null;
        }

        int shortest = address.AddressFamily == AddressFamily.InterNetwork ? shortestV4 : shortestV6;
        IPAddress network = NetworkOf(address, length);
        Diagnostic? finding =
            length < shortest ? Diagnose.PrefixTooShort(node.Span, node.Text, shortest)
            : !network.Equals(address) ? Diagnose.HostBitsSet(node.Span, node.Text, string.Create(CultureInfo.InvariantCulture, $"{network}/{length}"))
            : ReservedRange.Overlapping(network, length) is { } range ? Diagnose.ReservedInPrefix(node.Span, node.Text, range)
            : null;
        if (finding is not null)
        {
            diagnostics.Add(finding);
            return null;
        }

        return new(new OuterSource(address, length), node.Span);
    }

    /// <param name="reason">Why it is none, if more can be said.</param>
    public static bool TryParse(string text, out IPAddress address, out string? reason)
    {
        address = IPAddress.None;
        if (!text.Contains(':', StringComparison.Ordinal))
        {
            return TryParseV4(text, out address, out reason);
        }

        reason = text.Contains('%', StringComparison.Ordinal) ? "an address here has no zone" : null;
        int embedded = text.Contains('.', StringComparison.Ordinal) ? text.LastIndexOf(':') + 1 : text.Length;
        if (!text.All(c => char.IsAsciiHexDigit(c) || c is ':' or '.')
            || (embedded < text.Length && !TryParseV4(text[embedded..], out _, out reason))
            || !IPAddress.TryParse(text, out IPAddress? parsed) || parsed.AddressFamily != AddressFamily.InterNetworkV6)
        {
            return false;
        }

        address = parsed;
        return true;
    }

    private static Located<IPAddress>? Read(ScalarNode node, bool linkLocal, List<Diagnostic> diagnostics)
    {
        if (!TryParse(node.Text, out IPAddress address, out string? reason))
        {
            diagnostics.Add(Diagnose.MalformedAddress(node.Span, node.Text, reason));
            return null;
        }

        if (ReservedRange.Of(address, linkLocal) is { } range)
        {
            diagnostics.Add(Diagnose.ReservedAddress(node.Span, node.Text, range));
            return null;
        }

        return new(address, node.Span);
    }

    private static bool TryParseV4(string text, out IPAddress address, out string? reason)
    {
        address = IPAddress.None;
        reason = null;
        string[] parts = text.Split('.');
        byte[] bytes = new byte[4];
        for (int i = 0; i < parts.Length; i++)
        {
            if (parts[i].Length > 1 && parts[i][0] == '0' && parts[i].All(char.IsAsciiDigit))
            {
                reason = $"`{parts[i]}` has a leading zero, which some programs read as octal";
                return false;
            }

            if (i == 4 || !byte.TryParse(parts[i], NumberStyles.None, CultureInfo.InvariantCulture, out bytes[i]))
            {
                return false;
            }
        }

        address = new IPAddress(bytes);
        return parts.Length == 4;
    }

    /// <summary>A length without a leading zero, at most <paramref name="bits"/>.</summary>
    public static bool TryParseLength(string text, int bits, out int length) =>
        int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out length) && length <= bits && (text == "0" || text[0] != '0');

    /// <summary>The address without the bits behind the prefix.</summary>
    public static IPAddress NetworkOf(IPAddress address, int length)
    {
        byte[] bytes = address.GetAddressBytes();
        for (int i = 0; i < bytes.Length; i++)
        {
            int kept = Math.Clamp(length - (8 * i), 0, 8);
            bytes[i] &= (byte)(0xff << (8 - kept));
        }

        return new IPAddress(bytes);
    }
}
