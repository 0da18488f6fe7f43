using System.Collections.Immutable;
using System.Net;

namespace Weir.Compiler.Topologies;

/// <summary>Encapsulated packets that a site's hosts take from other sites, strip and balance.</summary>
/// <param name="Addresses">Outer destinations, sorted.</param>
/// <param name="From">Who may send them: prefixes of outer sources, sorted.</param>
/// <param name="Types">Which encapsulations are understood, in the order of the enumeration; those with a UDP port on their default port.</param>
public sealed record Decapsulation(ImmutableArray<IPAddress> Addresses, ImmutableArray<IPNetwork> From, ImmutableArray<EncapsulationType> Types);
