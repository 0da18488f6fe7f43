using Weir.Compiler.Diagnostics;
using Weir.Compiler.Syntax;
using Weir.Compiler.Topologies;

namespace Weir.Compiler.Binding;

/// <summary>Reads <c>serverId</c>, <c>quic</c> and <c>tcpServerId</c>.</summary>
internal static class ServerIdReader
{
    /// <summary>1 to 15 bytes in hex; the value is in lower case.</summary>
    public static Located<string>? Read(ScalarNode node, List<Diagnostic> diagnostics)
    {
        string text = node.Text;
        if (text.Length is 0 or > 2 * ServerNumber.MaxLength || text.Length % 2 != 0 || !text.All(char.IsAsciiHexDigit))
        {
            diagnostics.Add(Diagnose.MalformedServerId(node.Span, text));
            return null;
        }

        return new(text.ToLowerInvariant(), node.Span);
    }

    public static BoundQuic? ReadQuic(this MappingNode? pool)
    {
        if (pool.KeySpan("quic") is not { } key)
        {
            return null;
        }

        MappingNode? quic = pool.Mapping("quic");
        ScalarNode? scheme = quic.Scalar("scheme");
        return new BoundQuic(key)
        {
            Scheme = scheme?.Text switch
            {
                "quic-lb" => Located.At(scheme, QuicScheme.QuicLb),
                "katran" => Located.At(scheme, QuicScheme.Katran),
                _ => null,
            },
            ConfigsKey = quic.KeySpan("configs"),
            Configs = quic.Value("configs") is SequenceNode list ? [.. list.Items().OfType<MappingNode>().Select(Bind)] : [],
        };
    }

    /// <summary>The kind of the TCP option.</summary>
    public static Located<int>? ReadTcpOption(this MappingNode? pool) => pool.Mapping("tcpServerId").Integer("option");

    private static BoundQuicConfig Bind(MappingNode config) => new(config.Span)
    {
        Id = config.Integer("id"),
        ServerIdLength = config.Integer("serverIdLength"),
        NonceLength = config.Integer("nonceLength"),
        KeyFile = config.Text("keyFile"),
        Encryption = config.Text("encryption"),
    };
}
