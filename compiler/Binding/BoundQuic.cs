using System.Collections.Immutable;
using Weir.Compiler.Diagnostics;
using Weir.Compiler.Topologies;

namespace Weir.Compiler.Binding;

/// <param name="Span">The key <c>quic</c>.</param>
internal sealed record BoundQuic(SourceSpan Span)
{
    /// <summary>Null when it is missing or none of the schemes.</summary>
    public required Located<QuicScheme>? Scheme { get; init; }

    /// <summary>The key <c>configs</c>, or null when it is missing.</summary>
    public required SourceSpan? ConfigsKey { get; init; }

    public required ImmutableArray<BoundQuicConfig> Configs { get; init; }
}

/// <param name="Span">All of it.</param>
internal sealed record BoundQuicConfig(SourceSpan Span)
{
    public required Located<int>? Id { get; init; }

    public required Located<int>? ServerIdLength { get; init; }

    public required Located<int>? NonceLength { get; init; }

    public required Located<string>? KeyFile { get; init; }

    /// <summary><c>none</c>, <c>single-pass</c> or <c>four-pass</c>; null when it is not stated.</summary>
    public Located<string>? Encryption { get; init; }
}
