using System.Collections.Immutable;
using Weir.Compiler.Planning;
using Weir.Compiler.Rings;

namespace Weir.Cli;

/// <summary>What a build made.</summary>
/// <param name="Directory">As given on the command line.</param>
/// <param name="Changes">Against another bundle, when that was asked for.</param>
internal sealed record BuildResult(string Directory, SitePlan Plan, string Digest, ImmutableArray<PoolRingChange>? Changes);
