using System.Collections.Immutable;
using System.Net;

namespace Weir.Compiler.Topologies;

/// <summary>Which sources may use a VIP: the longest prefix among both lists decides; where none holds, a source may if <paramref name="Allow"/> is empty.</summary>
public sealed record SourceLists(ImmutableArray<IPNetwork> Allow, ImmutableArray<IPNetwork> Deny)
{
    public static SourceLists All { get; } = new([], []);
}

/// <param name="Pool">Name of the pool that serves packets from these sources.</param>
public sealed record SourceRoute(IPNetwork Source, string Pool);
