using System.Collections.Immutable;
using System.Net;
using System.Text.Json.Serialization;
using Weir.Applier.Generations;
using Weir.Applier.Libbpf;
using Weir.Compiler.Planning;

namespace Weir.Applier.State;

/// <summary><c>generation.json</c>: what the host knows of a generation beside its bundle.</summary>
/// <param name="Schema">Version of this record.</param>
/// <param name="Number">Counts from 1, per interface.</param>
/// <param name="Instance">The generation whose program and maps this one runs on; its own number unless it is a population change.</param>
/// <param name="BundleDigest">SHA-256 over the bundle's files, lower-case hex.</param>
/// <param name="ObjectDigest">SHA-256 of the object file of the instance.</param>
/// <param name="Ids">By pool number.</param>
/// <param name="NextHops">As written to <c>.data.site</c>.</param>
/// <param name="Counters">Where the instance counts.</param>
/// <param name="BaseFrom">The instance whose final counters are still to be added to <paramref name="Base"/>; null when that is done.</param>
/// <param name="Base">Added to the live maps' counters.</param>
public sealed record GenerationRecord(
    int Schema,
    int Number,
    int Instance,
    DateTimeOffset Created,
    [property: JsonConverter(typeof(NameOf<ChangeKind>))] ChangeKind Change,
    string Reason,
    string Site,
    string BundleDigest,
    string ObjectDigest,
    [property: JsonConverter(typeof(NameOf<XdpMode>))] XdpMode Mode,
    ImmutableArray<PoolIds> Ids,
    NextHopValues NextHops,
    CounterLayout Counters,
    int? BaseFrom,
    CounterBase Base)
{
    /// <summary>As written to <c>.data.link</c>, by the backend's address; 0 where nobody answered. Left out where there are none.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public ImmutableSortedDictionary<string, ulong>? Links { get; init; }

    /// <summary>Which host of the site this is; left out where nothing is reached by NAT.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? NatHost { get; init; }

    /// <summary>Prefixes as written to <c>.data.nat</c>, IPv4 first; left out likewise.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public IReadOnlyList<string>? NatSources { get; init; }

    /// <summary>The same as a value.</summary>
    [JsonIgnore]
    public HostNatSources? Sources => NatSources is null ? null : HostNatSources.Of(NatHost ?? "", NatSources.Select(IPNetwork.Parse));

    public const int CurrentSchema = 1;
}

/// <summary>The two words of <c>.data.site</c>: MAC in bytes 0 to 5, bit 48 says that it is valid; 0 when the site has none.</summary>
public sealed record NextHopValues(ulong V4, ulong V6);

/// <summary>Where <c>.bss.counters</c> keeps what, from the object's BTF. Bytes.</summary>
/// <param name="Stride">From one CPU's slice to the next.</param>
/// <param name="Cpus">Slices.</param>
/// <param name="Vips">Offset of the VIP rows in a slice; 16 bytes each, packets and bytes.</param>
/// <param name="Backends">Offset of the backend rows; likewise.</param>
/// <param name="Reasons">Offset of the reasons; 8 bytes each.</param>
public sealed record CounterLayout(int Stride, int Cpus, int Vips, int Backends, int Reasons);

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
