using System.Net;
using System.Net.NetworkInformation;
using System.Net.Sockets;

namespace Weir.Applier.Network;

/// <summary>The kernel's table of neighbours (RTM_GETNEIGH and RTM_NEWNEIGH, include/uapi/linux/neighbour.h) on an interface:
/// which MAC address has the gateway. Belongs to the network namespace of the thread that makes it.</summary>
public sealed class Neighbours : IDisposable
{
    private const ushort NewNeighbour = 28;
    private const ushort GetNeighbour = 30;
    private const int FixedBytes = 12;
    private const ushort DestinationAttribute = 1;
    private const ushort MacAttribute = 2;
    private const byte UseFlag = 1;

    // NUD_REACHABLE, STALE, DELAY, PROBE, NOARP, PERMANENT: states in which the kernel itself would send to the address.
    private const ushort ValidStates = 0x02 | 0x04 | 0x08 | 0x10 | 0x40 | 0x80;

    private static readonly TimeSpan s_pause = TimeSpan.FromMilliseconds(20);

    private readonly NetlinkSocket _socket = new();
    private readonly HostInterface _interface;
    private readonly TimeProvider _time;

    public Neighbours(HostInterface hostInterface, TimeProvider? time = null)
    {
        _interface = hostInterface;
        _time = time ?? TimeProvider.System;
    }

    /// <summary>The MAC address the kernel knows for a neighbour, without asking on the wire. Null when it knows none.</summary>
    public PhysicalAddress? Find(IPAddress address)
    {
        (int error, byte[]? payload) = _socket.Ask(Request(GetNeighbour, 0, 0, address));
        if (error is Libbpf.Errno.NoEntry or Libbpf.Errno.NoDevice)
        {
            return null;
        }

        if (error != 0 || payload is null)
        {
            throw new NetworkException($"look up {address} among the neighbours of {_interface.Name}", error);
        }

        // struct ndmsg: state at 8.
        bool valid = (BitConverter.ToUInt16(payload, 8) & ValidStates) != 0;
        byte[]? mac = NetlinkMessage.Attributes(payload, FixedBytes).FirstOrDefault(attribute => attribute.Type == MacAttribute).Value;

        // For broadcast and multicast addresses the kernel has group addresses (IEEE 802, section 8.2.2): nobody's.
        return valid && mac is { Length: 6 } && (mac[0] & 1) == 0 ? new PhysicalAddress(mac) : null;
    }

    /// <summary>Has the kernel find out, or confirm, a neighbour's address, as if it had a packet to send there (NTF_USE).</summary>
    public void Use(IPAddress address)
    {
        (int error, _) = _socket.Ask(Request(NewNeighbour, NetlinkMessage.FlagAck | NetlinkMessage.FlagCreate, UseFlag, address));
        if (error != 0)
        {
            throw new NetworkException($"have {address} resolved on {_interface.Name}", error);
        }
    }

    /// <summary>A neighbour's MAC address, waited for.</summary>
    /// <param name="limit">How long to wait; the kernel asks three times, a second apart.</param>
    /// <exception cref="NetworkException">Nobody answered; transient.</exception>
    public async Task<PhysicalAddress> ResolveAsync(IPAddress address, TimeSpan limit, CancellationToken cancellation = default)
    {
        long start = _time.GetTimestamp();
        long asked = 0;
        while (true)
        {
            if (Find(address) is { } mac)
            {
                // A stale entry is confirmed in the background.
                Use(address);
                return mac;
            }

            if (asked == 0 || _time.GetElapsedTime(asked) > TimeSpan.FromSeconds(1))
            {
                asked = _time.GetTimestamp();
                Use(address);
            }

            if (_time.GetElapsedTime(start) >= limit)
            {
                throw new NetworkException(_interface.Up
                    ? $"Nobody on {_interface.Name} answers for {address}. Is it the right next hop, and is the interface connected?"
                    : $"{address} cannot be resolved: {_interface.Name} is down. Switch it on: ip link set {_interface.Name} up.", transient: true);
            }

            await Task.Delay(s_pause, _time, cancellation);
        }
    }

    public void Dispose() => _socket.Dispose();

    private NetlinkMessage Request(ushort type, ushort flags, byte neighbourFlags, IPAddress address)
    {
        // struct ndmsg: family, interface, state, flags.
        byte[] neighbour = new byte[FixedBytes];
        neighbour[0] = address.AddressFamily == AddressFamily.InterNetwork ? (byte)2 : (byte)10;
        BitConverter.TryWriteBytes(neighbour.AsSpan(4), _interface.Index);
        neighbour[10] = neighbourFlags;
        return new NetlinkMessage(type, flags, neighbour).Add(DestinationAttribute, address.GetAddressBytes());
    }
}
