using System.Net;
using System.Text.Json;
using Weir.Compiler.Topologies;

namespace Weir.Compiler.Emit;

/// <summary>What <see cref="TopologyDigest"/> takes in of NAT. Nothing is written where nothing is said, so that older digests hold.</summary>
internal static class NatDigest
{
    /// <summary>More values of the host's array.</summary>
    public static void Write(Utf8JsonWriter json, Host host)
    {
        foreach (IPNetwork source in host.NatSources)
        {
            json.WriteStringValue(source.ToString());
        }
    }

    public static void Write(Utf8JsonWriter json, Backend backend)
    {
        if (backend.Port != 0)
        {
            json.WriteNumber("port", backend.Port);
        }
    }
}
