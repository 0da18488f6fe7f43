using Weir.Compiler.Topologies;

namespace Weir.Compiler.Emit;

/// <summary>How connection ids name backends, in a manifest and back.</summary>
internal static class ManifestServerIds
{
    private const string QuicLb = "quic-lb";
    private const string Katran = "katran";

    public static ManifestQuic? Of(QuicRouting? quic) => quic is null
        ? null
        : new ManifestQuic(
            quic.Scheme == QuicScheme.Katran ? Katran : QuicLb,
            quic.Configs.IsEmpty ? default : [.. quic.Configs.Select(c => new ManifestQuicConfig(c.Id, c.ServerIdLength, c.NonceLength, c.KeyFile))]);

    public static QuicRouting? Read(ManifestQuic? quic) => quic is null
        ? null
        : new QuicRouting(
            quic.Scheme == Katran ? QuicScheme.Katran : QuicScheme.QuicLb,
            quic.Configs.IsDefault ? [] : [.. quic.Configs.Select(c => new QuicConfig(c.Id, c.ServerIdLength, c.NonceLength, c.KeyFile))]);

    /// <summary>What is wrong with what a pool says of server ids.</summary>
    public static IEnumerable<string> Problems(ManifestPool pool)
    {
        if (pool.Quic is { } quic)
        {
            if (quic.Scheme is not (QuicLb or Katran))
            {
                yield return $"Pool {pool.Name}: {quic.Scheme} is no scheme of connection ids.";
            }

            foreach (ManifestQuicConfig config in (quic.Configs.IsDefault ? [] : quic.Configs).Where(c =>
                c.Id is < 0 or > 6 || c.ServerIdLength is < 1 or > ServerNumber.MaxLength || c.NonceLength < 4 || c.ServerIdLength + c.NonceLength > 19))
            {
                yield return $"Pool {pool.Name}: config {config.Id} with {config.ServerIdLength} bytes of server id and {config.NonceLength} of nonce is none.";
            }
        }

        if (pool.TcpOption is < 0 or > byte.MaxValue)
        {
            yield return $"Pool {pool.Name}: {pool.TcpOption} is no kind of TCP option.";
        }

        foreach (ManifestBackend backend in pool.Backends.Where(b =>
            b.ServerId is { } id && (id.Length is 0 or > 2 * ServerNumber.MaxLength || id.Length % 2 != 0 || !id.All(char.IsAsciiHexDigitLower))))
        {
            yield return $"Backend {pool.Name}/{backend.Name}: {backend.ServerId} is no server id.";
        }

        if ((pool.Quic is not null || pool.TcpOption != 0) && pool.Backends.FirstOrDefault(b => b.ServerId is null) is { } without)
        {
            yield return $"Backend {pool.Name}/{without.Name} has no server id.";
        }
    }
}
