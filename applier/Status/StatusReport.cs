using System.Collections.Immutable;
using System.Text.Json.Serialization;
using Weir.Applier.Generations;
using Weir.Applier.Libbpf;
using Weir.Applier.State;

namespace Weir.Applier.Status;

/// <summary>What runs on this host; <c>status --json</c> prints it (<c>schemas/status.schema.json</c>).</summary>
/// <param name="Interfaces">Sorted by name.</param>
public sealed record StatusReport(int Schema, ImmutableArray<InterfaceStatus> Interfaces)
{
    public const int CurrentSchema = 1;
}

/// <param name="State">Whether our program has the interface.</param>
/// <param name="Detail">For a person, when it has not.</param>
/// <param name="Live">The live generation; null when there is none.</param>
public sealed record InterfaceStatus(
    string Interface,
    [property: JsonConverter(typeof(NameOf<InterfaceCondition>))] InterfaceCondition State,
    string Detail,
    LiveStatus? Live);

public enum InterfaceCondition
{
    /// <summary>Our program runs as it was applied.</summary>
    Live,

    /// <summary>Our program runs, but something is not as it was applied.</summary>
    Drifted,

    /// <summary>Our program does not run.</summary>
    Detached,
}

/// <param name="Since">When the generation was applied.</param>
/// <param name="Change">How it came.</param>
/// <param name="Instance">The generation whose program and maps run.</param>
/// <param name="Drift">What is not as it was applied, for a person.</param>
public sealed record LiveStatus(
    int Generation,
    DateTimeOffset Since,
    [property: JsonConverter(typeof(NameOf<ChangeKind>))] ChangeKind Change,
    string Reason,
    int Instance,
    string Site,
    string BundleDigest,
    [property: JsonConverter(typeof(NameOf<XdpMode>))] XdpMode Mode,
    ProgramStatus Program,
    ImmutableArray<NextHopStatus> NextHops,
    ImmutableArray<VipStatus> Vips,
    ImmutableArray<BackendStatus> Backends,
    ImmutableArray<ReasonStatus> Reasons,
    ImmutableArray<string> Drift)
{
    /// <summary>MACs of backends on the host's own link; left out where the site has none.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public IReadOnlyList<LinkStatus>? Links { get; init; }

    /// <summary>Left out where nothing is reached by NAT.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public NatStatus? Nat { get; init; }
}

/// <param name="Host">Whose sources these are, as the topology names it.</param>
/// <param name="Sources">Prefixes in CIDR form.</param>
/// <param name="Room">Connections that these have ports for.</param>
/// <param name="Connections">Those that are not too old.</param>
/// <param name="Settled">Those among them whose place nobody else can take.</param>
public sealed record NatStatus(string? Host, ImmutableArray<string> Sources, int Room, int Connections, int Settled);

/// <param name="Mac">As <c>02:00:00:00:00:01</c>; null while nobody answers for the address.</param>
public sealed record LinkStatus(string Address, string? Mac);

/// <param name="Id">The kernel's number.</param>
/// <param name="Tag">16 hex digits.</param>
public sealed record ProgramStatus(uint Id, string Tag, string Name, int Instructions, int JitedBytes);

/// <param name="Family"><c>ipv4</c> or <c>ipv6</c>, of the outer packet.</param>
/// <param name="Gateway">Null where the topology states the MAC.</param>
/// <param name="Mac">As <c>02:00:00:00:00:01</c>; null while unknown.</param>
public sealed record NextHopStatus(string Family, string? Gateway, string? Mac);

public sealed record VipStatus(string Name, string Pool, ImmutableArray<string> Addresses, ImmutableArray<string> Ports, long Packets, long Bytes);

/// <param name="State"><c>active</c> or <c>drain</c>.</param>
/// <param name="Id">The host's own id within the pool.</param>
public sealed record BackendStatus(string Pool, string Name, string Address, int Weight, string State, int Id, long Packets, long Bytes);

/// <param name="Name">As <c>drop-no-backend</c>.</param>
public sealed record ReasonStatus(string Name, long Packets);

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, WriteIndented = true, NewLine = "\n")]
[JsonSerializable(typeof(StatusReport))]
public sealed partial class StatusJson : JsonSerializerContext;
