using System.Text.Json;
using Weir.Compiler.Topologies;

namespace Weir.Compiler.Emit;

/// <summary>Server ids and what carries them, as the topology's digest has them: nothing where there are none.</summary>
internal static class ServerIdDigest
{
    public static void Write(Utf8JsonWriter json, Pool pool)
    {
        if (pool.Quic is { } quic)
        {
            json.WriteStartArray("quic");
            json.WriteNumberValue((int)quic.Scheme);
            foreach (QuicConfig config in quic.Configs)
            {
                json.WriteStartArray();
                json.WriteNumberValue(config.Id);
                json.WriteNumberValue(config.ServerIdLength);
                json.WriteNumberValue(config.NonceLength);
                json.WriteStringValue(config.KeyFile);
                json.WriteEndArray();
            }

            json.WriteEndArray();
        }

        if (pool.TcpOption is { } option)
        {
            json.WriteNumber("tcpOption", option);
        }
    }

    public static void Write(Utf8JsonWriter json, Backend backend)
    {
        if (backend.ServerId is { } id)
        {
            json.WriteString("serverId", id);
        }
    }
}
