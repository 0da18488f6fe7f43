using System.Buffers.Binary;
using System.Net;
using Weir.Compiler.Planning;
using Weir.Compiler.Topologies;

namespace Weir.Compiler.Model;

/// <summary>Which VIP serves what, by address: what the longest prefix says first, a single address being the longest.</summary>
internal sealed class ServiceIndex
{
    /// <summary>By family and length, the longest first: prefix to what is served on every address in it.</summary>
    private readonly (bool IsV6, int Length, Dictionary<UInt128, List<(int Vip, PortRange Ports)>> Services)[] prefixes;

    public ServiceIndex(SitePlan plan)
    {
        var entries =
            from indexed in plan.Vips.Select((vip, index) => (vip, index))
            from prefix in indexed.vip.Addresses.Select(a => (Address: a, Length: Bits(a))).Concat(indexed.vip.Ranges.Select(r => (Address: r.BaseAddress, Length: r.PrefixLength)))
            select (Key(prefix.Address), prefix.Length, Vip: indexed.index, indexed.vip.Ports);
        prefixes =
        [
            .. entries
                .GroupBy(entry => (entry.Item1.IsV6, entry.Length))
                .OrderByDescending(group => group.Key.Length)
                .Select(group => (
                    group.Key.IsV6,
                    group.Key.Length,
                    group.GroupBy(entry => entry.Item1.Address).ToDictionary(one => one.Key, one => one.SelectMany(entry => entry.Ports.Select(ports => (entry.Vip, ports))).ToList()))),
        ];
    }

    /// <summary>Whether any VIP has an address of the family.</summary>
    public bool Uses(bool isV6) => prefixes.Any(at => at.IsV6 == isV6);

    /// <summary>Whether the address is a VIP's.</summary>
    /// <param name="address">4 or 16 bytes, in network order.</param>
    public bool Has(ReadOnlySpan<byte> address)
    {
        (bool isV6, UInt128 key) = Key(address);
        foreach ((bool family, int length, Dictionary<UInt128, List<(int, PortRange)>> services) in prefixes)
        {
            if (family == isV6 && services.ContainsKey(Cut(key, isV6, length)))
            {
                return true;
            }
        }

        return false;
    }

    /// <summary>The VIP that serves the protocol and port on the address, or null.</summary>
    public int? Find(IPAddress address, byte protocol, ushort port)
    {
        (bool isV6, UInt128 key) = Key(address);
        foreach ((bool family, int length, Dictionary<UInt128, List<(int, PortRange)>> services) in prefixes)
        {
            if (family != isV6 || !services.TryGetValue(Cut(key, isV6, length), out List<(int, PortRange)>? served))
            {
                continue;
            }

            foreach ((int vip, PortRange ports) in served)
            {
                if ((byte)ports.Protocol == protocol && ports.First <= port && port <= ports.Last)
                {
                    return vip;
                }
            }
        }

        return null;
    }

    /// <summary>The address without the bits behind the prefix.</summary>
    private static UInt128 Cut(UInt128 address, bool isV6, int length)
    {
        int host = (isV6 ? 128 : 32) - length;
        return host == 128 ? 0 : address >> host << host;
    }

    private static int Bits(IPAddress address) => address.GetAddressBytes().Length * 8;

    private static (bool IsV6, UInt128 Address) Key(IPAddress address) => Key(address.GetAddressBytes());

    private static (bool IsV6, UInt128 Address) Key(ReadOnlySpan<byte> address) => address.Length == 16
        ? (true, BinaryPrimitives.ReadUInt128BigEndian(address))
        : (false, BinaryPrimitives.ReadUInt32BigEndian(address));
}
