using System.Collections.Immutable;

namespace Weir.Compiler.Topologies;

/// <summary>How connection ids name a pool's backends.</summary>
/// <param name="Configs">Of <see cref="QuicScheme.QuicLb"/>, sorted by id; empty for <see cref="QuicScheme.Katran"/>.</param>
public sealed record QuicRouting(QuicScheme Scheme, ImmutableArray<QuicConfig> Configs);

public enum QuicScheme
{
    /// <summary>draft-ietf-quic-load-balancers.</summary>
    QuicLb,

    /// <summary>Katran's connection ids, versions 1 to 3: 16, 24 and 32 bits of server id.</summary>
    Katran,
}

/// <param name="Id">Config rotation bits, 0 to 6.</param>
/// <param name="ServerIdLength">Bytes, 1 to 15.</param>
/// <param name="NonceLength">Bytes, 4 to 18; with the server id at most 19.</param>
/// <param name="KeyFile">Path on the host of the file with the AES-128 key, 32 hex digits; null for plaintext ids.</param>
public sealed record QuicConfig(int Id, int ServerIdLength, int NonceLength, string? KeyFile)
{
    /// <summary>Bytes of a block of AES. Server id and nonce of so many are encrypted in a single pass, of any other number in four.</summary>
    public const int BlockLength = 16;
}
