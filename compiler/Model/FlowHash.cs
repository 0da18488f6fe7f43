using System.Buffers.Binary;
using Weir.Compiler.Topologies;

namespace Weir.Compiler.Model;

/// <summary>The keyed hash of a flow, as <c>bpf/README.md</c> section 3.1 defines it: SplitMix64 (Steele, Lea, Flood: Fast
/// Splittable Pseudorandom Number Generators, 2014, with Stafford's variant 13 constants), one multiply-xorshift step a word.</summary>
/// <param name="H1">Chooses the slot: its top k bits, for a ring of 2^k slots.</param>
/// <param name="H2">Flow label and entropy of the outer source.</param>
public readonly record struct FlowHash(uint H1, uint H2)
{
    private const ulong M1 = 0x9e3779b97f4a7c15;
    private const ulong M2 = 0xbf58476d1ce4e5b9;
    private const ulong M3 = 0x94d049bb133111eb;

    /// <summary>Hashes a flow in the direction from client to VIP.</summary>
    /// <param name="key">k0 and k1 of the site plan.</param>
    /// <param name="source">4 or 16 bytes, in network order.</param>
    /// <param name="destination">As many bytes as <paramref name="source"/>.</param>
    /// <param name="protocol">IANA protocol number.</param>
    /// <exception cref="ArgumentException">The addresses are neither both 4 nor both 16 bytes long.</exception>
    public static FlowHash Of((ulong K0, ulong K1) key, ReadOnlySpan<byte> source, ReadOnlySpan<byte> destination, byte protocol, ushort sourcePort, ushort destinationPort)
    {
        if (source.Length != destination.Length || source.Length is not (4 or 16))
        {
            throw new ArgumentException("A flow has two addresses of 4 or two of 16 bytes.");
        }

        ulong state = source.Length == 4 ? Mix(key.K0, Word32(source) | (Word32(destination) << 32), M1) : Addresses(key.K0, source, destination);
        ulong ports = BinaryPrimitives.ReverseEndianness(sourcePort) | ((ulong)BinaryPrimitives.ReverseEndianness(destinationPort) << 16);
        state = Mix(state, (ports | ((ulong)protocol << 32)) ^ key.K1, M2);
        state = Mix(state, 0, M3);
        return new FlowHash((uint)(state >> 32), (uint)state);
    }

    /// <summary>Hashes what of a flow its VIP's policy says: what is left out counts as 0.</summary>
    /// <param name="key">k0 and k1 of the site plan.</param>
    public static FlowHash Of((ulong K0, ulong K1) key, Flow flow, HashPolicy policy)
    {
        byte[] source = flow.Source.GetAddressBytes();
        byte[] destination = flow.Destination.GetAddressBytes();
        return Of(
            key,
            Leading(source, source.Length == 4 ? policy.SourceBitsV4 : policy.SourceBitsV6),
            policy.Destination ? destination : new byte[destination.Length],
            policy.Protocol ? flow.Protocol : (byte)0,
            policy.SourcePort ? flow.SourcePort : (ushort)0,
            policy.DestinationPort ? flow.DestinationPort : (ushort)0);
    }

    /// <summary>The address with all but its leading bits 0.</summary>
    internal static byte[] Leading(ReadOnlySpan<byte> address, int bits)
    {
        byte[] cut = address.ToArray();
        for (int at = 0; at < cut.Length; at++)
        {
            int kept = Math.Clamp(bits - (8 * at), 0, 8);
            cut[at] &= (byte)(0xff << (8 - kept));
        }

        return cut;
    }

    /// <summary>The hash goes on over two more words, for tables beside the ring.</summary>
    internal ulong Extend(ulong a, ulong b) => Mix(Mix(((ulong)H1 << 32) | H2, a, M1), b, M2);

    /// <summary>Five words under the same mixing, for tables beside the flow's.</summary>
    internal static ulong Words(ulong k0, ulong a, ulong b, ulong c, ulong d, ulong e) =>
        Mix(Mix(Mix(Mix(Mix(Mix(k0, a, M1), b, M2), c, M3), d, M1), e, M2), 0, M3);

    /// <summary>The slot in a ring of 2^<paramref name="ringBits"/> slots.</summary>
    /// <param name="ringBits">1 to 31.</param>
    public int Slot(int ringBits) => (int)(H1 >> (32 - ringBits));

    private static ulong Addresses(ulong k0, ReadOnlySpan<byte> source, ReadOnlySpan<byte> destination)
    {
        ulong state = Mix(k0, Word64(source), M1);
        state = Mix(state, Word64(source[8..]), M2);
        state = Mix(state, Word64(destination), M3);
        return Mix(state, Word64(destination[8..]), M1);
    }

    private static ulong Mix(ulong state, ulong word, ulong multiplier)
    {
        ulong product = unchecked((state ^ word) * multiplier);
        return product ^ (product >> 32);
    }

    private static ulong Word32(ReadOnlySpan<byte> bytes) => BinaryPrimitives.ReadUInt32LittleEndian(bytes);

    private static ulong Word64(ReadOnlySpan<byte> bytes) => BinaryPrimitives.ReadUInt64LittleEndian(bytes);
}
