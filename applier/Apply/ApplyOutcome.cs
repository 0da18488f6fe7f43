using System.Collections.Immutable;
using System.Text.Json.Serialization;
using Weir.Applier.Generations;
using Weir.Applier.Libbpf;
using Weir.Applier.State;

namespace Weir.Applier.Apply;

/// <summary>What an apply did; <c>apply --json</c> prints it (<c>schemas/apply.schema.json</c>).</summary>
/// <param name="Generation">The live generation now.</param>
/// <param name="Previous">The live generation before, or null.</param>
/// <param name="Instance">The generation whose program and maps run.</param>
/// <param name="Stores">Writes into live maps.</param>
/// <param name="ProofPackets">Packets that a shadow was proven on; 0 when nothing was to do.</param>
/// <param name="Recovered">What an earlier, killed apply had left, or null.</param>
/// <param name="Steps">With the milliseconds each took.</param>
public sealed record ApplyOutcome(
    int Schema,
    string Interface,
    string Site,
    string BundleDigest,
    [property: JsonConverter(typeof(NameOf<ChangeKind>))] ChangeKind Change,
    string Reason,
    int Generation,
    int? Previous,
    int Instance,
    [property: JsonConverter(typeof(NameOf<XdpMode>))] XdpMode Mode,
    ApplyProgram Program,
    int Stores,
    int ProofPackets,
    string? Recovered,
    ImmutableArray<ApplyStep> Steps,
    double Milliseconds)
{
    public const int CurrentSchema = 1;
}

/// <param name="Id">The kernel's number.</param>
/// <param name="Tag">16 hex digits.</param>
/// <param name="Instructions">After the verifier.</param>
public sealed record ApplyProgram(uint Id, string Tag, int Instructions, int JitedBytes);

/// <param name="Name"><c>read</c>, <c>built</c>, <c>loaded</c>, <c>proven</c> or <c>live</c>.</param>
/// <param name="Detail">For a person.</param>
public sealed record ApplyStep(string Name, double Milliseconds, string Detail);

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, WriteIndented = true, NewLine = "\n")]
[JsonSerializable(typeof(ApplyOutcome))]
public sealed partial class ApplyJson : JsonSerializerContext;
