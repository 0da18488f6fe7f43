using Weir.Testing;

namespace Weir.Benchmarks;

/// <summary>The topology of <c>examples/quickstart</c>.</summary>
internal static class Quickstart
{
    public const string Site = "lab";

    public static string Folder { get; } = Path.Combine(RepositoryRoot.Path, "examples", "quickstart", "topology");
}
