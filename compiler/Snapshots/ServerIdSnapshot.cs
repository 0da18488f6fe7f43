using System.Globalization;
using System.Text;
using Weir.Compiler.Topologies;

namespace Weir.Compiler.Snapshots;

/// <summary>What a pool says of server ids.</summary>
internal static class ServerIdSnapshot
{
    /// <summary>Whole lines; none where it says nothing.</summary>
    public static string Of(Pool pool)
    {
        StringBuilder text = new();
        if (pool.Quic is { Scheme: QuicScheme.Katran })
        {
            text.Append("    quic: { scheme: katran }\n");
        }
        else if (pool.Quic is { } quic)
        {
            text.Append("    quic:\n      scheme: quic-lb\n      configs:\n");
            foreach (QuicConfig config in quic.Configs)
            {
                string key = config.KeyFile is null ? "" : $", keyFile: {YamlText.Of(config.KeyFile)}";
                text.Append(CultureInfo.InvariantCulture, $"        - {{ id: {config.Id}, serverIdLength: {config.ServerIdLength}, nonceLength: {config.NonceLength}{key} }}\n");
            }
        }

        if (pool.TcpOption is { } option)
        {
            text.Append(CultureInfo.InvariantCulture, $"    tcpServerId: {{ option: {option} }}\n");
        }

        return text.ToString();
    }
}
