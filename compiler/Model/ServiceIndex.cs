using System.Buffers.Binary;
using System.Collections.Frozen;
using System.Net;
using Weir.Compiler.Planning;
using Weir.Compiler.Topologies;

namespace Weir.Compiler.Model;

/// <summary>Which VIP serves what, by address.</summary>
internal sealed class ServiceIndex
{
    private readonly FrozenDictionary<(bool IsV6, UInt128 Address), (int Vip, PortRange Ports)[]> services;

    public ServiceIndex(SitePlan plan)
    {
        var entries =
            from indexed in plan.Vips.Select((vip, index) => (vip, index))
            from address in indexed.vip.Addresses
            from ports in indexed.vip.Ports
            group (indexed.index, ports) by Key(address);
        services = entries.ToFrozenDictionary(group => group.Key, group => group.ToArray());
    }

    /// <summary>Whether any VIP has an address of the family.</summary>
    public bool Uses(bool isV6) => services.Keys.Any(key => key.IsV6 == isV6);

    /// <summary>Whether the address is a VIP's.</summary>
    /// <param name="address">4 or 16 bytes, in network order.</param>
    public bool Has(ReadOnlySpan<byte> address) => services.ContainsKey(Key(address));

    /// <summary>The VIP that serves the protocol and port on the address, or null.</summary>
    public int? Find(IPAddress address, byte protocol, ushort port)
    {
        foreach ((int vip, PortRange ports) in services.GetValueOrDefault(Key(address), []))
        {
            if ((byte)ports.Protocol == protocol && ports.First <= port && port <= ports.Last)
            {
                return vip;
            }
        }

        return null;
    }

    private static (bool IsV6, UInt128 Address) Key(IPAddress address) => Key(address.GetAddressBytes());

    private static (bool IsV6, UInt128 Address) Key(ReadOnlySpan<byte> address) => address.Length == 16
        ? (true, BinaryPrimitives.ReadUInt128BigEndian(address))
        : (false, BinaryPrimitives.ReadUInt32BigEndian(address));
}
