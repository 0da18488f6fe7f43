using System.Collections.Immutable;
using Weir.Compiler.Topologies;

namespace Weir.Compiler.Binding;

/// <summary>The key <c>defaults</c>.</summary>
internal sealed record BoundDefaults
{
    /// <summary>Whether all of it has the form that the schema wants, so that what it lacks is known.</summary>
    public required bool IsMapping { get; init; }

    public required BoundEncapsulation? Encapsulation { get; init; }

    public required BoundNextHop? NextHop { get; init; }

    public required Located<string>? Interface { get; init; }

    public required Located<int>? Mtu { get; init; }

    public required Located<Unmatched>? Unmatched { get; init; }

    public required BoundLimits Limits { get; init; }

    public required Located<int>? Capacity { get; init; }

    public required Located<Preference>? Prefer { get; init; }

    public required Located<int>? Weight { get; init; }

    public required ImmutableArray<Located<string>> Sites { get; init; }

    /// <summary>Keys that are there, be it misspelt or with a value that could not be read.</summary>
    public required Func<string, bool> Mentions { get; init; }
}
