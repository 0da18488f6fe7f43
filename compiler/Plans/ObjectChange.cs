using System.Collections.Immutable;
using Weir.Compiler.Diagnostics;

namespace Weir.Compiler.Plans;

/// <summary>What becomes of one object of the topology.</summary>
/// <param name="Path">As overrides and manifests write it: <c>sites.ams1</c>, <c>sites.ams1.hosts.lb1</c>, <c>pools.web</c>, <c>pools.web.backends.web-1</c>,
/// <c>vips.www</c>, <c>policy</c>, <c>seed</c>.</param>
/// <param name="Name">The last part of the path.</param>
/// <param name="Parent">Path of the object that it belongs to (backends, hosts), or null.</param>
/// <param name="Was">Its name in the base revision where that was another, else null.</param>
/// <param name="Position">In the head revision, or in the base revision for what is removed.</param>
/// <param name="Reason">What the change means, as the end of a sentence, or null.</param>
public sealed record ObjectChange(
    ObjectKind Kind,
    ChangeAction Action,
    string Path,
    string Name,
    string? Parent,
    string? Was,
    ImmutableArray<AttributeChange> Attributes,
    SourceSpan Position,
    string? Reason);

/// <summary>One property. For a property that is a list there may be several, each of one entry that came (<paramref name="Before"/> is null) or went.</summary>
/// <param name="Before">Null for what was not there.</param>
/// <param name="After">Null for what is there no longer.</param>
public sealed record AttributeChange(string Name, string? Before, string? After);

public enum ObjectKind
{
    /// <summary>A setting of the whole topology.</summary>
    Topology,
    Site,
    Host,
    Pool,
    Backend,
    Vip,
}

public enum ChangeAction
{
    /// <summary>Only for sites as a whole: nothing of it changes.</summary>
    None,
    Add,
    Change,
    Remove,
}
