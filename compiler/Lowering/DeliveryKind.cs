using System.Collections.Immutable;
using System.Net.Sockets;
using Weir.Compiler.Planning;
using Weir.Compiler.Topologies;

namespace Weir.Compiler.Lowering;

/// <summary>One way that packets leave a site by: a type with its options, folded into the code. Outer sources are no part of it.</summary>
/// <param name="V4">Whether a backend with an IPv4 address is reached by it.</param>
/// <param name="V6">The same for IPv6.</param>
public sealed record DeliveryKind(EncapsulationType Type, EncapsulationOptions Options, bool V4, bool V6)
{
    /// <summary>The flags of a backend's row have 4 bits for it.</summary>
    public const int Limit = 16;

    /// <summary>Those that a backend of the site has, by type and options: the same whatever the order of use.</summary>
    /// <exception cref="OverflowException">There are more than rows can name.</exception>
    public static ImmutableArray<DeliveryKind> Of(SitePlan plan)
    {
        ImmutableArray<DeliveryKind> kinds =
        [
            .. plan.Pools.SelectMany(p => p.Backends)
                .GroupBy(b => Key(plan.Encapsulations[b.Encapsulation]))
                .Select(g => new DeliveryKind(
                    g.Key.Type,
                    g.Key.Options,
                    g.Any(b => b.Address.AddressFamily == AddressFamily.InterNetwork),
                    g.Any(b => b.Address.AddressFamily == AddressFamily.InterNetworkV6)))
                .OrderBy(k => k.Type)
                .ThenBy(k => Text(k.Options), StringComparer.Ordinal),
        ];
        return kinds.Length <= Limit ? kinds : throw new OverflowException($"Site {plan.Site} has more than {Limit} encapsulations beside their sources.");
    }

    /// <summary>The index of an encapsulation's kind; 0 where no backend has it.</summary>
    public static int IndexOf(ImmutableArray<DeliveryKind> kinds, EncapsulationPlan encapsulation) =>
        Math.Max(0, kinds.Select(k => (k.Type, k.Options)).ToList().IndexOf(Key(encapsulation)));

    private static (EncapsulationType Type, EncapsulationOptions Options) Key(EncapsulationPlan encapsulation) => (encapsulation.Type, encapsulation.Options);

    private static string Text(EncapsulationOptions options) => string.Join(' ', EncapsulationText.Options(options).Select(o => $"{o.Key} {o.Value}"));
}
