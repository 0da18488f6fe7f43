using System.Net;
using Weir.Compiler.Model;
using Weir.Compiler.Model.Strips;

namespace Weir.DataPlaneTests.Strips;

/// <summary>Encapsulated packets between 10.20.0.7 or fd00:10::7 and 10.10.0.1 or fd00:10::1, for tests to spoil.</summary>
internal static class Encapsulated
{
    public static IpFields Outer(bool v6, byte trafficClass = 0) => v6
        ? new IpFields(IPAddress.Parse("fd00:10::7"), IPAddress.Parse("fd00:10::1"), trafficClass)
        : new IpFields(IPAddress.Parse("10.20.0.7"), IPAddress.Parse("10.10.0.1"), trafficClass);

    /// <summary>A TCP segment to a VIP.</summary>
    public static byte[] Inner(bool v6, int payload = 11, byte trafficClass = 0)
    {
        IpFields ip = v6
            ? new IpFields(IPAddress.Parse("2001:db8:c11e:47::1"), IPAddress.Parse("2001:db8::10"), trafficClass)
            : new IpFields(IPAddress.Parse("198.51.100.7"), IPAddress.Parse("203.0.113.10"), trafficClass);
        return FrameWriter.Packet(ip, 6, FrameWriter.Transport(ip, 6, 4711, 443, payload));
    }

    /// <summary>Every way to carry a packet.</summary>
    public static IEnumerable<(string Name, byte[] Frame)> All(bool outerV6, byte[] inner, byte trafficClass = 0) =>
        EncapsulatedFrames.All(Outer(outerV6, trafficClass), inner).Select(way => (way.Name, way.Frame));
}
