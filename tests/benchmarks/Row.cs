using System.Text.Json.Serialization;

namespace Weir.Benchmarks;

/// <summary>A line of the table. Times are nanoseconds, also those of whole commands; absent figures are null.</summary>
/// <param name="Case">What was measured; unique.</param>
/// <param name="Ratio">To the floor program, in this run.</param>
/// <param name="Verified">Instructions that the verifier went through.</param>
/// <param name="LoadNs">From an ELF file to a verified and compiled program.</param>
/// <param name="PerSecond">Throughput, in the unit that the case names.</param>
public sealed record Row(
    string Case,
    double? Ns = null,
    double? Ratio = null,
    double? GoalNs = null,
    double? GoalRatio = null,
    long? Instructions = null,
    long? JitedBytes = null,
    long? GoalBytes = null,
    long? Verified = null,
    double? LoadNs = null,
    long? MapBytes = null,
    double? PerSecond = null)
{
    /// <summary>Whether every goal of the row is reached; null without one.</summary>
    [JsonPropertyName("met")]
    public bool? Met =>
        GoalNs is null && GoalRatio is null && GoalBytes is null
            ? null
            : (GoalNs is not { } ns || Ns <= ns) && (GoalRatio is not { } ratio || Ratio <= ratio) && (GoalBytes is not { } bytes || JitedBytes < bytes);
}

/// <summary>The rows as <c>--json</c> writes them.</summary>
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
    WriteIndented = true,
    NewLine = "\n")]
[JsonSerializable(typeof(IReadOnlyList<Row>))]
public sealed partial class RowJson : JsonSerializerContext;
