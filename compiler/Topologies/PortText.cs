using System.Globalization;

namespace Weir.Compiler.Topologies;

/// <summary>How port ranges are written: <c>tcp/443</c>, <c>tcp/8000-8099</c>, <c>udp/*</c>.</summary>
public static class PortText
{
    public static string Format(PortRange ports)
    {
        string protocol = ports.Protocol == TransportProtocol.Tcp ? "tcp" : "udp";
        return ports switch
        {
            { First: 0, Last: ushort.MaxValue } => $"{protocol}/*",
            _ when ports.First == ports.Last => string.Create(CultureInfo.InvariantCulture, $"{protocol}/{ports.First}"),
            _ => string.Create(CultureInfo.InvariantCulture, $"{protocol}/{ports.First}-{ports.Last}"),
        };
    }
}
