using System.Collections.Immutable;
using System.Net;
using Weir.Compiler.Topologies;

namespace Weir.Compiler.Import;

/// <summary>What an importer understood of its source.</summary>
public sealed record Imported(ImmutableArray<ImportedService> Services, ImmutableArray<ImportNote> Notes)
{
    /// <summary>Whether the source could not be read: then there is no topology.</summary>
    public bool Failed => Notes.Any(n => n.Error);
}

/// <summary>An address with ports and the servers behind it.</summary>
/// <param name="Name">What the source calls it, or null.</param>
/// <param name="Line">From 1.</param>
public sealed record ImportedService(string? Name, IPAddress Address, PortRange Ports, ImmutableArray<ImportedBackend> Backends, int Line);

/// <param name="Weight">0 to 65,535.</param>
public sealed record ImportedBackend(IPAddress Address, int Weight, bool Drain, ImmutableSortedDictionary<string, string> Labels, int Line)
{
    /// <summary>What the source calls it, or null.</summary>
    public string? Name { get; init; }
}

/// <summary>Something of the source that the topology does not say.</summary>
/// <param name="Line">From 1; 0 when it is about the whole.</param>
/// <param name="What">What it is and why it is left out, a sentence without a full stop.</param>
/// <param name="Help">What to do about it.</param>
/// <param name="Error">The source cannot be understood here.</param>
public sealed record ImportNote(int Line, string What, string Help, bool Error = false);

/// <summary>What a topology needs and no source knows.</summary>
/// <param name="Sources">Outer source addresses, at most one per family; a family without one gets a placeholder.</param>
/// <param name="Gateways">Likewise for the next hop.</param>
public sealed record ImportSite(string Name, string Host, string Interface, ImmutableArray<string> Sources, ImmutableArray<string> Gateways);
