using System.Collections.Immutable;
using System.Text.Json.Serialization;
using Weir.Compiler.Lowering;

namespace Weir.Compiler.Emit;

/// <summary><c>manifest.json</c>: everything a host must know of a bundle beside the program and the images. A
/// <see cref="Planning.SitePlan"/> can be read back from it and the ring images. Digests are lower-case hex SHA-256.</summary>
public sealed record Manifest
{
    /// <summary>Version of this record; a reader refuses another one.</summary>
    public required int Schema { get; init; }

    /// <summary>Version of the compiler.</summary>
    public required string Weir { get; init; }

    public required string Site { get; init; }

    /// <summary>Digest of the checked topology, whatever files and order it was written in.</summary>
    public required string TopologyDigest { get; init; }

    public required ManifestProgram Program { get; init; }

    /// <summary>Digest over the images of part <c>tables</c>.</summary>
    public required string TablesDigest { get; init; }

    /// <summary>Digest over the images of part <c>population</c> and the backends' identities.</summary>
    public required string PopulationDigest { get; init; }

    public required ManifestTraffic Traffic { get; init; }

    /// <summary>Every data section of the program, sorted by section.</summary>
    public required ImmutableArray<ManifestMap> Maps { get; init; }

    /// <summary>Every structure that images are made of, sorted by name.</summary>
    public required ImmutableArray<ManifestStruct> Layout { get; init; }

    /// <summary>What the hosts decapsulate themselves; left out where that is nothing.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public ManifestDecapsulation? Decapsulate { get; init; }

    /// <summary>By pool number.</summary>
    public required ImmutableArray<ManifestPool> Pools { get; init; }

    /// <summary>By counter row.</summary>
    public required ImmutableArray<ManifestVip> Vips { get; init; }

    /// <summary>Sorted by name.</summary>
    public required ImmutableArray<ManifestHost> Hosts { get; init; }

    /// <summary>Whether any backend is reached by NAT.</summary>
    [JsonIgnore]
    public bool UsesNat => Maps.Any(map => map.Section == NatRows.Section);

    /// <summary>Key files of encrypted connection ids, in the order of the keys' numbers in the program; as <see cref="Planning.KeyFiles"/>.</summary>
    [JsonIgnore]
    public IEnumerable<string> KeyFiles => Pools
        .SelectMany(pool => pool.Quic is { Configs.IsDefault: false } quic ? quic.Configs : [])
        .Select(config => config.KeyFile).OfType<string>().Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal);
}

/// <param name="Function">Name of the XDP function, at most 15 characters.</param>
/// <param name="Source">Path of the C file in the bundle.</param>
/// <param name="Digest">Over the C file and the headers it includes: equal digests, equal objects.</param>
public sealed record ManifestProgram(string Function, string Source, string Digest);

/// <summary>The site's constants.</summary>
/// <param name="SourceV4">Of the site's own encapsulation: address or prefix in CIDR form, or null.</param>
/// <param name="Type">Of the site's own encapsulation; left out for <c>ipip</c>.</param>
/// <param name="Options">Of the site's own encapsulation; left out where it has none.</param>
/// <param name="Encapsulations">Those that pools and backends have beside it, numbered from 1; left out where there are none.</param>
public sealed record ManifestTraffic(
    string HashKey0,
    string HashKey1,
    int Mtu,
    string Unmatched,
    string? SourceV4,
    string? SourceV6,
    ManifestNextHop? NextHopV4,
    ManifestNextHop? NextHopV6,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)] ImmutableArray<ManifestEncapsulation> Encapsulations = default,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] string? Type = null,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] ManifestOptions? Options = null);

/// <param name="Type">As in YAML.</param>
/// <param name="Options">Left out where it has none.</param>
public sealed record ManifestEncapsulation(
    string Type,
    string? SourceV4,
    string? SourceV6,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] ManifestOptions? Options = null);

/// <summary>Exactly one is set.</summary>
public sealed record ManifestNextHop(string? Gateway, string? Mac);

/// <param name="Size">Bytes of the section, the map's value size; of a <c>.bss</c> section bytes per CPU, since the host decides for how many; but <c>.bss.nat</c> and <c>.bss.records</c> are all CPUs' alike.</param>
/// <param name="Image">Path in the bundle, or null when the host fills the map.</param>
/// <param name="Part"><c>population</c>, <c>tables</c> or <c>runtime</c>.</param>
public sealed record ManifestMap(string Section, int Size, string Part, string? Image, string? Digest);

public sealed record ManifestStruct(string Name, int Size, ImmutableArray<ManifestMember> Members);

public sealed record ManifestMember(string Name, int Offset, int Size);

/// <param name="RingMap">Section of the ring.</param>
/// <param name="RingOffset">First slot in that array, in entries.</param>
/// <param name="EntryBytes">1 or 2.</param>
/// <param name="BackendOffset">First row in <c>.data.backend</c>.</param>
/// <param name="Ring">How it is filled: <c>rendezvous</c>; left out for <c>maglev</c>.</param>
/// <param name="ExpectedPpm">See <see cref="Planning.RingQuality.ExpectedPpm"/>; left out where it is 0.</param>
/// <param name="Quic">How connection ids name its backends; left out where they do not.</param>
/// <param name="TcpOption">Kind of the TCP option that names its backends; 0, and left out, where none does.</param>
public sealed record ManifestPool(
    string Name,
    int Capacity,
    string RingMap,
    int RingOffset,
    int RingBits,
    int EntryBytes,
    int BackendOffset,
    int ImbalancePpm,
    int CollateralPpm,
    ImmutableArray<ManifestBackend> Backends,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)] string? Ring = null,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)] int ExpectedPpm = 0,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)] ManifestQuic? Quic = null,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)] int TcpOption = 0);

/// <summary>The index in the pool is the dense number that ring images use.</summary>
/// <param name="Identity">16 hex digits.</param>
/// <param name="State"><c>active</c>, <c>drain</c> or <c>down</c>.</param>
/// <param name="Encapsulation">0, and left out, for the site's own; else its number.</param>
/// <param name="Mac">Of a backend on the same segment, where the topology states it.</param>
/// <param name="HandsOn">Whether it is a load balancer of another site. Left out where it is false.</param>
/// <param name="Unpreferred">Whether it takes new flows only where no other backend of the pool does. Left out where it is false.</param>
/// <param name="ServerId">Hex; left out where it has none.</param>
/// <param name="Port">Where NAT sends its packets to; 0, and left out, for the port that they came for.</param>
public sealed record ManifestBackend(
    string Identity,
    string Name,
    string Address,
    int Weight,
    string State,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)] int Encapsulation = 0,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)] bool Unpreferred = false,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)] string? ServerId = null,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] string? Mac = null,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)] bool HandsOn = false,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)] int Port = 0);

/// <param name="Ports">As in YAML: <c>tcp/443</c>, <c>tcp/8000-8099</c>, <c>udp/*</c>.</param>
/// <param name="Ranges">Prefixes in CIDR form; left out where there are none.</param>
public sealed record ManifestVip(
    string Name,
    string Pool,
    ImmutableArray<string> Addresses,
    ImmutableArray<string> Ports,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)] ImmutableArray<string> Ranges = default)
{
    /// <summary><c>follow</c>; left out for <c>drop</c>.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public string? Fragments { get; init; }

    /// <summary>As <see cref="Topologies.HashText"/> writes it; left out for <c>five-tuple</c>.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public string? Hash { get; init; }

    /// <summary>Prefixes of sources in CIDR form; left out where there are none.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public ImmutableArray<string> Allow { get; init; }

    /// <inheritdoc cref="Allow"/>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public ImmutableArray<string> Deny { get; init; }

    /// <summary>Sources that another pool serves; left out where there are none.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public ImmutableArray<ManifestRoute> Routes { get; init; }
}

/// <param name="Source">A prefix in CIDR form.</param>
public sealed record ManifestRoute(string Source, string Pool);

/// <param name="NatSources">Prefixes in CIDR form, IPv4 first; left out where nothing is reached by NAT, or the host has none.</param>
public sealed record ManifestHost(
    string Name, string Interface, [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)] ImmutableArray<string> NatSources = default);

/// <summary>Source-generated so that reading and writing need no reflection at start-up.</summary>
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase,
    WriteIndented = true,
    NewLine = "\n",
    UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow,
    RespectRequiredConstructorParameters = true,
    RespectNullableAnnotations = true)]
[JsonSerializable(typeof(Manifest))]
public sealed partial class ManifestJson : JsonSerializerContext;
