using System.Collections.Immutable;
using Weir.Compiler.Plans;

namespace Weir.Cli;

/// <summary>What is to be compared.</summary>
/// <param name="Base">A revision, or <c>none</c>.</param>
/// <param name="Head">A revision, or null for the directory's files.</param>
/// <param name="Sites">Empty for all.</param>
internal sealed record PlanRequest(string Directory, string Base, string? Head, ImmutableArray<string> Sites, ImmutableArray<GateOverride> Allowed, bool Measure)
{
    /// <summary>The base that is nothing.</summary>
    public const string Nothing = "none";

    public bool FromNothing => Base == Nothing;
}
