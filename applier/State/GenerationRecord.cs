using System.Collections.Immutable;
using System.Text.Json.Serialization;
using Weir.Applier.Generations;

namespace Weir.Applier.State;

/// <summary><c>generation.json</c>: what the host knows of a generation beside its bundle.</summary>
/// <param name="Schema">Version of this record.</param>
/// <param name="Number">Counts from 1, per interface.</param>
/// <param name="Instance">The generation whose program and maps this one runs on; its own number unless it is a population change.</param>
/// <param name="BundleDigest">SHA-256 over the bundle's files, lower-case hex.</param>
/// <param name="ObjectDigest">SHA-256 of the object file of the instance.</param>
/// <param name="Ids">By pool number.</param>
/// <param name="NextHops">As written to <c>.data.site</c>.</param>
/// <param name="BaseFrom">The instance whose final counters are still to be added to <paramref name="Base"/>; null when that is done.</param>
/// <param name="Base">Added to the live maps' counters.</param>
public sealed record GenerationRecord(
    int Schema,
    int Number,
    int Instance,
    DateTimeOffset Created,
    ChangeKind Change,
    string Reason,
    string Site,
    string BundleDigest,
    string ObjectDigest,
    XdpMode Mode,
    ImmutableArray<PoolIds> Ids,
    NextHopValues NextHops,
    int? BaseFrom,
    CounterBase Base)
{
    public const int CurrentSchema = 1;
}

/// <summary>How the kernel runs the program: in the driver, or on finished socket buffers.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<XdpMode>))]
public enum XdpMode
{
    [JsonStringEnumMemberName("native")]
    Native,

    [JsonStringEnumMemberName("generic")]
    Generic,
}

/// <summary>The two words of <c>.data.site</c>: MAC in bytes 0 to 5, bit 48 says that it is valid; 0 when the site has none.</summary>
public sealed record NextHopValues(ulong V4, ulong V6);

/// <summary>Added to what the live maps count; may be negative where a row was counted in before.</summary>
public sealed record CounterBase(
    ImmutableArray<NamedCounter> Vips,
    ImmutableArray<IdentityCounter> Backends,
    ImmutableArray<NamedCounter> Reasons)
{
    public static CounterBase Empty { get; } = new([], [], []);
}

/// <param name="Bytes">0 for reasons, which count packets only.</param>
public sealed record NamedCounter(string Name, long Packets, long Bytes);

/// <param name="Identity">16 hex digits.</param>
public sealed record IdentityCounter(string Pool, string Identity, long Packets, long Bytes);

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, WriteIndented = true, NewLine = "\n")]
[JsonSerializable(typeof(GenerationRecord))]
internal sealed partial class GenerationJson : JsonSerializerContext;
