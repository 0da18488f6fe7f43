using System.Collections.Immutable;
using System.Net;
using System.Net.Sockets;
using Weir.Compiler.Planning;

namespace Weir.Compiler.Model;

/// <summary>What a VIP says of one source.</summary>
/// <param name="Denied">Whether the VIP does not serve it.</param>
/// <param name="Listed">The prefix of its lists that decides, or null where none holds.</param>
/// <param name="Route">The prefix of the route that decides where it goes, or null.</param>
/// <param name="Pool">Number of the route's pool; without meaning where there is no route.</param>
public sealed record SourceVerdict(bool Denied, IPNetwork? Listed, IPNetwork? Route, int Pool);

/// <summary>A VIP's source lists and routes: the longest prefix that holds, found by cutting the source to every length in use.</summary>
internal sealed class SourceIndex
{
    private readonly ImmutableArray<int> lengths;
    private readonly Dictionary<(string Network, int Length), bool> listed = [];
    private readonly Dictionary<(string Network, int Length), int> routes = [];
    private readonly bool admits;

    private SourceIndex(VipPlan vip)
    {
        admits = vip.Sources.Allow.IsEmpty;
        foreach (IPNetwork allowed in vip.Sources.Allow)
        {
            listed[Key(allowed.BaseAddress.GetAddressBytes(), allowed.PrefixLength)] = true;
        }

        foreach (IPNetwork denied in vip.Sources.Deny)
        {
            listed[Key(denied.BaseAddress.GetAddressBytes(), denied.PrefixLength)] = false;
        }

        foreach ((IPNetwork source, int pool) in vip.Routes)
        {
            routes[Key(source.BaseAddress.GetAddressBytes(), source.PrefixLength)] = pool;
        }

        lengths = [.. listed.Keys.Concat(routes.Keys).Select(k => k.Length).Distinct().OrderDescending()];
    }

    /// <summary>Null where the VIP serves every source from its own pool.</summary>
    public static SourceIndex? Of(VipPlan vip) => vip.Sources.IsAll && vip.Routes.IsEmpty ? null : new SourceIndex(vip);

    public SourceVerdict Find(IPAddress source)
    {
        byte[] address = source.GetAddressBytes();
        int bits = source.AddressFamily == AddressFamily.InterNetworkV6 ? 128 : 32;
        (int Length, bool Admits)? list = null;
        (int Length, int Pool)? route = null;
        foreach (int length in lengths.Where(l => l <= bits))
        {
            (string, int) key = Key(address, length);
            list ??= listed.TryGetValue(key, out bool allowed) ? (length, allowed) : null;
            route ??= routes.TryGetValue(key, out int pool) ? (length, pool) : null;
        }

        return new SourceVerdict(!(list?.Admits ?? admits), Prefix(address, list?.Length), Prefix(address, route?.Length), route?.Pool ?? 0);
    }

    /// <summary>The leading bits as hex digits: of either family, since these differ in length.</summary>
    private static (string Network, int Length) Key(byte[] address, int length) => (Convert.ToHexString(FlowHash.Leading(address, length)), length);

    private static IPNetwork? Prefix(byte[] address, int? length) => length is { } bits ? new IPNetwork(new IPAddress(FlowHash.Leading(address, bits)), bits) : null;
}
