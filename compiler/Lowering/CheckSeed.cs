using System.Buffers.Binary;
using System.Net;
using Weir.Compiler.Topologies;

namespace Weir.Compiler.Lowering;

/// <summary>The part of an outer IPv4 header's checksum (RFC 1071) that is the same for every packet to a backend, as
/// <c>bpf/weir/layout.h</c> defines it.</summary>
public static class CheckSeed
{
    /// <summary>Of the words that are the same for every backend: version and length, DF (RFC 6864), and the source without host bits.</summary>
    public static ushort OfSource(OuterSource source)
    {
        Span<byte> address = stackalloc byte[4];
        source.Address.TryWriteBytes(address, out _);
        uint mask = source.PrefixLength == 0 ? 0 : uint.MaxValue << (32 - source.PrefixLength);
        BinaryPrimitives.WriteUInt32BigEndian(address, BinaryPrimitives.ReadUInt32BigEndian(address) & mask);
        return Fold(0x0045u + 0x0040u + Words(address));
    }

    /// <param name="source">From <see cref="OfSource"/>.</param>
    /// <param name="backend">IPv4.</param>
    public static ushort OfBackend(ushort source, IPAddress backend)
    {
        Span<byte> address = stackalloc byte[4];
        backend.TryWriteBytes(address, out _);
        return Fold(source + Words(address));
    }

    private static uint Words(ReadOnlySpan<byte> address) =>
        (uint)BinaryPrimitives.ReadUInt16LittleEndian(address) + BinaryPrimitives.ReadUInt16LittleEndian(address[2..]);

    private static ushort Fold(uint sum)
    {
        sum = (sum & 0xffff) + (sum >> 16);
        return (ushort)((sum & 0xffff) + (sum >> 16));
    }
}
