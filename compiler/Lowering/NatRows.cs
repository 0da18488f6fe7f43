using Weir.Compiler.Planning;
using Weir.Compiler.Topologies;

namespace Weir.Compiler.Lowering;

/// <summary>How many connections NAT has room for: one for every port of every source address (<c>bpf/README.md</c>, section 10).</summary>
public static class NatRows
{
    /// <summary>Where the program remembers connections, of all CPUs alike.</summary>
    public const string Section = ".bss.nat";

    /// <summary>log2 of the source ports of an address: 32768 to 65535.</summary>
    public const int PortBits = 15;

    /// <summary>Most source addresses of a host, and so at most 2^21 rows of 64 bytes.</summary>
    public const int MaxAddresses = 64;

    /// <summary>Rows of <c>.bss.nat</c>, a power of two; 0 where no backend is reached by NAT.</summary>
    public static int Of(SitePlan plan) =>
        plan.Pools.Any(p => p.Backends.Any(b => plan.Encapsulations[b.Encapsulation].Type == EncapsulationType.Nat))
            ? Math.Max(1, plan.NatSources.Select(h => h.Addresses).DefaultIfEmpty(0).Max()) << PortBits
            : 0;
}
