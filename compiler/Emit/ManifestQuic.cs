using System.Collections.Immutable;
using System.Text.Json.Serialization;

namespace Weir.Compiler.Emit;

/// <param name="Scheme"><c>quic-lb</c> or <c>katran</c>.</param>
/// <param name="Configs">Left out where there are none.</param>
public sealed record ManifestQuic(
    string Scheme,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)] ImmutableArray<ManifestQuicConfig> Configs = default);

/// <param name="KeyFile">Left out where server ids are not encrypted.</param>
public sealed record ManifestQuicConfig(
    int Id,
    int ServerIdLength,
    int NonceLength,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)] string? KeyFile = null);
