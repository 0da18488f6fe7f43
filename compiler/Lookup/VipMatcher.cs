using System.Collections.Immutable;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using Weir.Compiler.Lowering;
using Weir.Compiler.Planning;
using Weir.Compiler.Topologies;

namespace Weir.Compiler.Lookup;

/// <summary>Decides how VIPs are recognised, by what either way costs a packet.</summary>
public static class VipMatcher
{
    /// <summary>More addresses of a family are never folded: every one would be a new program.</summary>
    private const int MostFolded = 4;

    /// <returns>Null when no VIP has an address of the family.</returns>
    public static VipMatch? Choose(SitePlan plan, AddressFamily family)
    {
        ImmutableArray<AddressServices> addresses = ServedAddresses.Of(plan, family);
        if (addresses.IsEmpty)
        {
            return null;
        }

        int intervals = addresses.Max(a => a.Services.Length);
        int folded = FoldedCost(addresses.Length, intervals);
        int lengths = addresses.Select(a => a.Length).Distinct().Count();
        int hashed = HashedCost(intervals, lengths);
        return addresses.Length <= MostFolded && folded <= hashed
            ? new VipMatch(MatchKind.Folded, Reason("", addresses.Length, intervals, lengths), addresses, CoveringPrefix(addresses))
            : new VipMatch(MatchKind.Hashed, Reason("up to ", SizeClass.AddressRoom(addresses.Length), 1 << SizeClass.ServiceSteps(intervals), lengths), addresses, CoveringPrefix(addresses));
    }

    /// <summary>Tenths of ns for address and port by compares in code: 2 ns for one address, 15 for 16 (measured), half a ns for every further
    /// interval of the address with most.</summary>
    public static int FoldedCost(int addresses, int intervals) => 20 + (9 * (addresses - 1)) + (5 * (intervals - 1));

    /// <summary>Tenths of ns by the perfect hash at any count: 4 ns (measured), 1 for the service row and 1 for every
    /// step of the search among an address's rows; 4 again for every further length of prefix that is looked for.</summary>
    public static int HashedCost(int intervals, int lengths = 1) => 50 + (10 * SizeClass.ServiceSteps(intervals)) + (40 * (lengths - 1));

    /// <summary>One line for the generated program. For tables it speaks of their room, so that it does not change within a class.</summary>
    private static string Reason(string upTo, int addresses, int intervals, int lengths) => string.Create(
        CultureInfo.InvariantCulture,
        $"{upTo}{Count(addresses, "address", "addresses")}, {upTo}{Count(intervals, "port interval", "port intervals")} each: compares {Ns(FoldedCost(addresses, intervals))} ns, perfect hash {Ns(HashedCost(intervals, lengths))} ns");

    private static string Count(int count, string one, string many) => string.Create(CultureInfo.InvariantCulture, $"{count} {(count == 1 ? one : many)}");

    private static string Ns(int tenths) => ((tenths + 5) / 10).ToString(CultureInfo.InvariantCulture);

    /// <summary>The longest common prefix, cut to whole octets (IPv4) or groups (IPv6) so that a neighbouring VIP still lies in it and
    /// is no new program; null where it would be so short that it rejects little, or is the address itself.</summary>
    private static (IPAddress Address, int Length)? CoveringPrefix(ImmutableArray<AddressServices> addresses)
    {
        byte[] first = addresses.MinBy(a => a.Address, AddressOrder.Instance)!.Address.GetAddressBytes();
        byte[] last = addresses.MaxBy(a => a.Address, AddressOrder.Instance)!.Address.GetAddressBytes();
        int common = Math.Min(first.AsSpan().CommonPrefixLength(last), addresses.Min(a => a.Length) / 8);
        int unit = first.Length == 4 ? 1 : 2;
        // IPv4: /8, /16 or /24. IPv6: /16 to /64, what one load can compare.
        int bytes = Math.Min(common / unit * unit, first.Length == 4 ? 3 : 8);
        if (bytes == 0)
        {
            return null;
        }

        first.AsSpan(bytes).Clear();
        return (new IPAddress(first), bytes * 8);
    }
}
