using System.Net.NetworkInformation;
using System.Text;

namespace Weir.Applier.Network;

/// <summary>An interface of the calling thread's network namespace.</summary>
/// <param name="Mac">Empty where the interface has none.</param>
/// <param name="Mtu">Bytes of the largest IP packet.</param>
/// <param name="Up">Whether it is switched on.</param>
public sealed record HostInterface(int Index, string Name, PhysicalAddress Mac, int Mtu, bool Up)
{
    private const ushort GetLink = 18;
    private const int LinkFixedBytes = 16;
    private const ushort AddressAttribute = 1;
    private const ushort NameAttribute = 3;
    private const ushort MtuAttribute = 4;
    private const uint UpFlag = 1;

    /// <summary>The longest name in bytes (IFNAMSIZ less its end).</summary>
    public const int LongestName = 15;

    /// <summary>Looks an interface up by name (RTM_GETLINK). Null when there is none.</summary>
    public static HostInterface? Find(string name)
    {
        int length = Encoding.UTF8.GetByteCount(name);
        if (length is 0 or > LongestName)
        {
            return null;
        }

        using NetlinkSocket socket = new();
        return Read(socket, new NetlinkMessage(GetLink, 0, new byte[LinkFixedBytes]).Add(NameAttribute, name), name);
    }

    /// <summary>Looks an interface up by index. Null when there is none.</summary>
    public static HostInterface? Find(int index)
    {
        using NetlinkSocket socket = new();
        byte[] link = new byte[LinkFixedBytes];
        BitConverter.TryWriteBytes(link.AsSpan(4), index);
        return Read(socket, new NetlinkMessage(GetLink, 0, link), $"number {index}");
    }

    private static HostInterface? Read(NetlinkSocket socket, NetlinkMessage request, string what)
    {
        (int error, byte[]? payload) = socket.Ask(request);
        if (error == Libbpf.Errno.NoDevice)
        {
            return null;
        }

        if (error != 0 || payload is null)
        {
            throw new NetworkException($"look up the interface {what}", error);
        }

        // struct ifinfomsg: index at 4, flags at 8.
        string name = "";
        PhysicalAddress mac = PhysicalAddress.None;
        int mtu = 0;
        foreach ((ushort type, byte[] value) in NetlinkMessage.Attributes(payload, LinkFixedBytes))
        {
            switch (type)
            {
                case AddressAttribute:
                    mac = new PhysicalAddress(value);
                    break;
                case NameAttribute:
                    name = Encoding.UTF8.GetString(value).TrimEnd('\0');
                    break;
                case MtuAttribute:
                    mtu = BitConverter.ToInt32(value);
                    break;
            }
        }

        return new HostInterface(BitConverter.ToInt32(payload, 4), name, mac, mtu, (BitConverter.ToUInt32(payload, 8) & UpFlag) != 0);
    }
}
