using System.Globalization;
using System.Net;
using Weir.Compiler.Binding;

namespace Weir.Compiler.Import;

/// <summary>Reads <c>203.0.113.10:80</c> and <c>[2001:db8::10]:80</c>.</summary>
internal static class Endpoint
{
    public static (IPAddress Address, ushort Port)? Parse(string text)
    {
        int colon = text.LastIndexOf(':');
        if (colon <= 0 || ParsePort(text[(colon + 1)..]) is not { } port)
        {
            return null;
        }

        string address = text[..colon];
        bool bracketed = address is ['[', .., ']'];
        return AddressReader.TryParse(bracketed ? address[1..^1] : address, out IPAddress parsed, out _)
            && bracketed == (parsed.AddressFamily == System.Net.Sockets.AddressFamily.InterNetworkV6)
            ? (parsed, port)
            : null;
    }

    public static IPAddress? ParseAddress(string text) => AddressReader.TryParse(text, out IPAddress parsed, out _) ? parsed : null;

    public static ushort? ParsePort(string text) => ushort.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out ushort port) ? port : null;
}
