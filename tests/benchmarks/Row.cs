using System.Text.Json.Serialization;

namespace Weir.Benchmarks;

/// <summary>A line of the table. Times are nanoseconds, also those of whole commands; absent figures are null.</summary>
/// <param name="Case">What was measured; unique.</param>
/// <param name="Ratio">To the floor program, in this run.</param>
/// <param name="Verified">Instructions that the verifier went through.</param>
/// <param name="LoadNs">From an ELF file to a verified and compiled program.</param>
/// <param name="PerSecond">Throughput, in the unit that the case names.</param>
/// <param name="AllocatedBytes">What a run in this process allocates on the managed heap, all threads together.</param>
/// <param name="PeakBytes">The most memory that the process had resident.</param>
/// <param name="Growth">How much longer it takes for each VIP than at the size before: 1 is linear growth, less is better.</param>
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
    double? PerSecond = null,
    long? AllocatedBytes = null,
    long? PeakBytes = null,
    double? Growth = null)
{
    /// <summary>Growth no worse than linear, with a tenth for the noise of the machine.</summary>
    private const double MostGrowth = 1.1;

    /// <summary>Whether every goal of the row is reached; null without one.</summary>
    [JsonPropertyName("met")]
    public bool? Met =>
        GoalNs is null && GoalRatio is null && GoalBytes is null && Growth is null
            ? null
            : (Growth is not { } growth || growth <= MostGrowth) && (GoalNs is not { } ns || Ns <= ns) && (GoalRatio is not { } ratio || Ratio <= ratio) && (GoalBytes is not { } bytes || JitedBytes < bytes);
}

/// <summary>The rows as <c>--json</c> writes them.</summary>
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
    WriteIndented = true,
    NewLine = "\n")]
[JsonSerializable(typeof(IReadOnlyList<Row>))]
public sealed partial class RowJson : JsonSerializerContext;
