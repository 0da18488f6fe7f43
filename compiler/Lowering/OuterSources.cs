using System.Collections.Immutable;
using System.Net.Sockets;
using Weir.Compiler.Planning;
using Weir.Compiler.Topologies;

namespace Weir.Compiler.Lowering;

/// <summary>The outer sources of a family that a site's encapsulations have. Where there are several, they lie in <c>.data.source</c> and a backend's row says
/// which is its own.</summary>
public static class OuterSources
{
    /// <summary>The flags of a backend's row have 9 bits for the index, and tables have room for a quarter more.</summary>
    public const int Limit = 400;

    /// <summary>The site's own first, the others by address and length, so that another order of use is no other table.</summary>
    /// <exception cref="OverflowException">There are more than rows can name.</exception>
    public static ImmutableArray<OuterSource> Of(SitePlan plan, AddressFamily family)
    {
        OuterSource? own = Of(plan.Encapsulations[0], family);
        ImmutableArray<OuterSource> all =
        [
            .. plan.Encapsulations.Select(e => Of(e, family)).OfType<OuterSource>().Distinct()
                .OrderBy(s => s != own)
                .ThenBy(s => s.Address, AddressOrder.Instance)
                .ThenBy(s => s.PrefixLength),
        ];
        return all.Length <= Limit ? all : throw new OverflowException($"Site {plan.Site} has more than {Limit} outer sources of a family.");
    }

    public static OuterSource? Of(EncapsulationPlan encapsulation, AddressFamily family) =>
        family == AddressFamily.InterNetwork ? encapsulation.SourceV4 : encapsulation.SourceV6;

    /// <summary>Host bits of the source's prefix, at most the low 32, as a mask for a number in host order.</summary>
    public static uint Entropy(OuterSource source)
    {
        int host = (source.Address.AddressFamily == AddressFamily.InterNetwork ? 32 : 128) - source.PrefixLength;
        return host >= 32 ? uint.MaxValue : (1u << host) - 1;
    }
}
