using System.Buffers.Binary;
using System.Net;
using System.Net.Sockets;
using Weir.Compiler.Lowering;

namespace Weir.Compiler.Lookup;

/// <summary>The hash of a VIP's address that the perfect hash is built over: <c>bpf/README.md</c>, section 7.</summary>
public static class VipHash
{
    // SplitMix64's constants (Steele, Lea, Flood 2014; Stafford's variant 13).
    public const ulong M1 = 0x9e3779b97f4a7c15;
    public const ulong M2 = 0xbf58476d1ce4e5b9;
    public const ulong M3 = 0x94d049bb133111eb;

    public static ulong Mix(ulong x, ulong word, ulong factor)
    {
        ulong y = unchecked((x ^ word) * factor);
        return y ^ (y >> 32);
    }

    /// <summary>What a row holds, and its hash is taken of: the address; of a range the first address with the bit behind the prefix set.</summary>
    public static IPAddress Key(AddressServices address)
    {
        byte[] bytes = address.Address.GetAddressBytes();
        return address.IsRange ? new IPAddress(PrefixBits.Or(bytes, PrefixBits.Marker(address.Length, bytes.Length))) : address.Address;
    }

    /// <summary>Of an address or a range: ranges have the seed inverted, so that none meets an address that is its key.</summary>
    public static ulong Of(AddressServices address, ulong seed) => Of(Key(address), address.IsRange ? ~seed : seed);

    /// <summary>The seed multiplies: were it only combined with the address before a constant does, addresses of one subnet would differ by the same products under every
    /// seed, and two that meet would always meet.</summary>
    /// <param name="address">IPv4 or IPv6.</param>
    public static ulong Of(IPAddress address, ulong seed)
    {
        Span<byte> bytes = stackalloc byte[16];
        address.TryWriteBytes(bytes, out _);
        if (address.AddressFamily == AddressFamily.InterNetwork)
        {
            return unchecked(BinaryPrimitives.ReadUInt32LittleEndian(bytes) * seed);
        }

        ulong high = BinaryPrimitives.ReadUInt64LittleEndian(bytes);
        ulong low = BinaryPrimitives.ReadUInt64LittleEndian(bytes[8..]);
        return unchecked((Mix(0, high ^ seed, M1) ^ low ^ (low >> 32)) * seed);
    }
}
