using System.Globalization;

namespace Weir.Compiler.Topologies;

/// <summary>How port ranges are written: <c>tcp/443</c>, <c>tcp/8000-8099</c>, <c>udp/*</c>, <c>quic/443</c>.</summary>
public static class PortText
{
    public static string Format(PortRange ports)
    {
        string protocol = ports.Protocol == TransportProtocol.Tcp ? "tcp" : ports.Quic ? "quic" : "udp";
        return ports switch
        {
            { First: 0, Last: ushort.MaxValue } => $"{protocol}/*",
            _ when ports.First == ports.Last => string.Create(CultureInfo.InvariantCulture, $"{protocol}/{ports.First}"),
            _ => string.Create(CultureInfo.InvariantCulture, $"{protocol}/{ports.First}-{ports.Last}"),
        };
    }

    /// <summary>Reverses <see cref="Format"/>; null when the text is no port range.</summary>
    public static PortRange? Parse(string text)
    {
        string[] halves = text.Split('/');
        TransportProtocol? protocol = halves[0] switch
        {
            "tcp" => TransportProtocol.Tcp,
            "udp" or "quic" => TransportProtocol.Udp,
            _ => null,
        };
        if (halves.Length != 2 || protocol is not { } known)
        {
            return null;
        }

        bool quic = halves[0] == "quic";
        if (halves[1] == "*")
        {
            return new PortRange(known, 0, ushort.MaxValue) { Quic = quic };
        }

        string[] ends = halves[1].Split('-');
        return ends.Length <= 2
            && ushort.TryParse(ends[0], NumberStyles.None, CultureInfo.InvariantCulture, out ushort first)
            && ushort.TryParse(ends[^1], NumberStyles.None, CultureInfo.InvariantCulture, out ushort last)
            && first <= last
                ? new PortRange(known, first, last) { Quic = quic }
                : null;
    }
}
