using System.Collections.Immutable;

namespace Weir.Compiler.Emit;

/// <summary>A bundle as a value: its files, with <c>/</c> between the parts of a path, sorted by path (ordinal).</summary>
public sealed record Bundle(ImmutableSortedDictionary<string, ImmutableArray<byte>> Files)
{
    public const string ManifestPath = "manifest.json";

    /// <summary>In no digest: where things come from, not what they are.</summary>
    public const string ProvenancePath = "provenance.json";

    public const string ProgramPath = "lb.bpf.c";

    /// <summary>Names the bundle: <see cref="Digests.OfFiles"/> over all files but provenance. The same as
    /// <c>find . -type f ! -name provenance.json -printf '%P\n' | LC_ALL=C sort | xargs sha256sum | sha256sum</c>.</summary>
    public string Digest { get; } = Digests.OfFiles(Files.Where(f => f.Key != ProvenancePath).Select(f => (f.Key, Digests.Of(f.Value.AsSpan()))));
}
