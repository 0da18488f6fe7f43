using System.Collections.Immutable;
using System.Net;
using System.Net.Sockets;
using Weir.Compiler.Lowering;
using Weir.Compiler.Planning;
using Weir.Compiler.Topologies;

namespace Weir.Compiler.Lookup;

/// <summary>What is served on every address and range of a family, so that the most specific one that holds an address says all there is to say about it.</summary>
internal static class ServedAddresses
{
    /// <summary>The longest prefix first, then by address.</summary>
    public static ImmutableArray<AddressServices> Of(SitePlan plan, AddressFamily family)
    {
        Dictionary<(IPAddress Address, int Length), List<Service>> own = Own(plan, family);
        int full = family == AddressFamily.InterNetwork ? 32 : 128;
        int[] lengths = [.. own.Keys.Select(key => key.Length).Distinct().OrderDescending()];
        Dictionary<(IPAddress, int), AddressServices> all = own.ToDictionary(pair => pair.Key, pair => new AddressServices(
            pair.Key.Address,
            [.. Covering(pair.Key, lengths, own).SelectMany(services => services).Concat(pair.Value).Distinct().OrderBy(s => s.Ports.Protocol).ThenBy(s => s.Ports.First)])
        {
            Length = pair.Key.Length,
        });

        // What a wider range says of it word for word need not be looked for.
        return [.. all
            .Where(pair => lengths is [var only] && only == full
                || Covering(pair.Key, lengths, all).FirstOrDefault() is not { } wider
                || !wider.Services.SequenceEqual(pair.Value.Services))
            .Select(pair => pair.Value)
            .OrderByDescending(a => a.Length)
            .ThenBy(a => a.Address, AddressOrder.Instance)];
    }

    private static Dictionary<(IPAddress Address, int Length), List<Service>> Own(SitePlan plan, AddressFamily family)
    {
        int full = family == AddressFamily.InterNetwork ? 32 : 128;
        var own = new Dictionary<(IPAddress, int), List<Service>>();
        for (int vip = 0; vip < plan.Vips.Length; vip++)
        {
            VipPlan at = plan.Vips[vip];
            IEnumerable<(IPAddress Address, int Length)> places =
                [.. at.Addresses.Select(a => (a, full)), .. at.Ranges.Select(r => (r.BaseAddress, r.PrefixLength))];
            foreach ((IPAddress Address, int Length) place in places.Where(p => p.Address.AddressFamily == family))
            {
                if (!own.TryGetValue(place, out List<Service>? services))
                {
                    own.Add(place, services = []);
                }

                services.AddRange(at.Ports.Select(ports => new Service(ports, vip, at.Pool)));
            }
        }

        return own;
    }

    /// <summary>What wider ranges hold, the narrowest of them first.</summary>
    private static IEnumerable<T> Covering<T>((IPAddress Address, int Length) of, int[] lengths, Dictionary<(IPAddress, int), T> among)
    {
        byte[] bytes = of.Address.GetAddressBytes();
        foreach (int length in lengths.Where(l => l < of.Length))
        {
            if (among.TryGetValue((new IPAddress(PrefixBits.And(bytes, PrefixBits.Mask(length, bytes.Length))), length), out T? found))
            {
                yield return found;
            }
        }
    }
}
