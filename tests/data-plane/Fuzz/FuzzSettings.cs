using System.Globalization;
using System.Security.Cryptography;

namespace Weir.DataPlaneTests.Fuzz;

/// <summary>How much is generated, from which seed.</summary>
/// <param name="Seed">Gives topologies and packets, together with a topology's index.</param>
/// <param name="Only">Index of the one topology to replay, or null.</param>
internal sealed record FuzzSettings(ulong Seed, int? Only, int Topologies, int PacketsPerTopology)
{
    /// <summary><c>WEIR_FUZZ_TOPOLOGIES</c> (200), <c>WEIR_FUZZ_PACKETS</c> for each of them (800), <c>WEIR_FUZZ_SEED</c>:
    /// 16 hex digits, with <c>:INDEX</c> to replay one topology.</summary>
    public static FuzzSettings Read()
    {
        string[] parts = (Environment.GetEnvironmentVariable("WEIR_FUZZ_SEED") ?? string.Empty).Split(':');
        ulong seed = parts[0].Length > 0
            ? ulong.Parse(parts[0], NumberStyles.HexNumber, CultureInfo.InvariantCulture)
            : BitConverter.ToUInt64(RandomNumberGenerator.GetBytes(8));
        return new FuzzSettings(
            seed,
            parts.Length > 1 ? int.Parse(parts[1], CultureInfo.InvariantCulture) : null,
            Number("WEIR_FUZZ_TOPOLOGIES", 200),
            Number("WEIR_FUZZ_PACKETS", 800));
    }

    public IEnumerable<int> Indices => Only is int only ? [only] : Enumerable.Range(0, Topologies);

    /// <summary>Whether so much is generated that everything must occur.</summary>
    public bool IsBroad => Only is null && Topologies >= 100 && PacketsPerTopology >= 300;

    /// <summary>What replays a topology.</summary>
    public string Replay(int index) => string.Create(CultureInfo.InvariantCulture, $"WEIR_FUZZ_SEED={Seed:x16}:{index}");

    private static int Number(string variable, int standard) =>
        Environment.GetEnvironmentVariable(variable) is { Length: > 0 } text ? int.Parse(text, CultureInfo.InvariantCulture) : standard;
}
