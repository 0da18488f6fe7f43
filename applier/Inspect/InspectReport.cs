using System.Collections.Immutable;
using System.Text.Json.Serialization;

namespace Weir.Applier.Inspect;

/// <summary>What a bundle costs on this host: <c>schemas/inspect.schema.json</c>. What could not be found out is null, and <paramref name="Why"/> says why.</summary>
/// <param name="Instructions">Of the program in the object, with the functions it calls.</param>
/// <param name="JitedBytes">Machine code the kernel made of it; 0 when the JIT is off.</param>
/// <param name="VerifiedInstructions">How many the verifier walked through.</param>
/// <param name="MapBytes">Of all maps, per-CPU slices for every CPU this host may have included.</param>
/// <param name="NsPerPacket">Of the first traffic; null unless measured.</param>
/// <param name="Traffic">Every traffic that was measured.</param>
public sealed record InspectReport(
    int Schema,
    string Site,
    string BundleDigest,
    long? Instructions,
    long? JitedBytes,
    long? VerifiedInstructions,
    long MapBytes,
    double? NsPerPacket,
    ImmutableArray<InspectedTraffic> Traffic,
    string? Why)
{
    public const int CurrentSchema = 1;
}

/// <param name="Case">As people read it: <c>IPv4 TCP, 64 k flows</c>.</param>
/// <param name="NsPerPacket">Net of the harness, a median.</param>
public sealed record InspectedTraffic(string Case, double NsPerPacket);

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, WriteIndented = true, NewLine = "\n")]
[JsonSerializable(typeof(InspectReport))]
public sealed partial class InspectJson : JsonSerializerContext;
