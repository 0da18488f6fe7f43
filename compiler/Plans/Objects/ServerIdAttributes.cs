using System.Globalization;
using Weir.Compiler.Topologies;

namespace Weir.Compiler.Plans.Objects;

/// <summary>What pools and backends say of server ids, as properties of theirs.</summary>
internal static class ServerIdAttributes
{
    public static IEnumerable<ObjectAttribute> Of(Pool pool) =>
    [
        One("quic", pool.Quic is null ? null : pool.Quic.Scheme == QuicScheme.Katran ? "katran" : "quic-lb"),
        new ObjectAttribute("quic.configs", [.. (pool.Quic?.Configs ?? []).Select(Text)], IsList: true, Usual: pool.Quic is null or { Configs.IsEmpty: true }),
        One("tcpServerId.option", pool.TcpOption?.ToString(CultureInfo.InvariantCulture)),
    ];

    public static IEnumerable<ObjectAttribute> Of(Backend backend) => [One("serverId", backend.ServerId)];

    private static string Text(QuicConfig config) => string.Create(
        CultureInfo.InvariantCulture,
        $"{config.Id}: {config.ServerIdLength} bytes of server id, {config.NonceLength} of nonce, {(config.KeyFile is null ? "plaintext" : $"key in {config.KeyFile}")}");

    private static ObjectAttribute One(string name, string? value) => new(name, [value ?? "none"], IsList: false, Usual: value is null);
}
