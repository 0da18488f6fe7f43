using System.Buffers.Binary;

namespace Weir.Compiler.Model;

/// <summary>What makes fragments those of one datagram.</summary>
/// <param name="Source">4 or 16 bytes as a number in memory order: first and last eight, IPv4's in the low half of the first.</param>
/// <param name="Id">As it lies in the packet, little-endian.</param>
/// <param name="Kind">IP version &lt;&lt; 8 | protocol, which is 0 for IPv6 (RFC 791, RFC 8200).</param>
internal readonly record struct FragmentKey((ulong, ulong) Source, (ulong, ulong) Destination, uint Id, ushort Kind)
{
    public static FragmentKey V4(ReadOnlySpan<byte> packet) => new(
        (BinaryPrimitives.ReadUInt32LittleEndian(packet[12..]), 0),
        (BinaryPrimitives.ReadUInt32LittleEndian(packet[16..]), 0),
        BinaryPrimitives.ReadUInt16LittleEndian(packet[4..]),
        (ushort)(0x400 | packet[9]));

    /// <param name="headerAt">Where the fragment header is.</param>
    public static FragmentKey V6(ReadOnlySpan<byte> packet, int headerAt) => new(
        (BinaryPrimitives.ReadUInt64LittleEndian(packet[8..]), BinaryPrimitives.ReadUInt64LittleEndian(packet[16..])),
        (BinaryPrimitives.ReadUInt64LittleEndian(packet[24..]), BinaryPrimitives.ReadUInt64LittleEndian(packet[32..])),
        BinaryPrimitives.ReadUInt32LittleEndian(packet[(headerAt + 4)..]),
        0x600);
}

/// <summary>What one CPU remembers of first fragments: <c>bpf/README.md</c>, section 2. One row for each value of a hash; the later datagram takes it.</summary>
public sealed class FragmentTable
{
    /// <summary>log2 of the rows.</summary>
    public const int Bits = 10;

    /// <summary>For how many units of the clock (2^30 ns) a row holds.</summary>
    public const int Age = 28;

    private readonly Dictionary<int, (FragmentKey Key, byte Protocol, ushort Source, ushort Destination, uint Seen)> rows = [];

    /// <summary>The clock, in 2^30 ns. It stands still unless it is set.</summary>
    public uint Now { get; set; }

    internal void Remember(ulong k0, FragmentKey key, byte protocol, ushort sourcePort, ushort destinationPort) =>
        rows[Row(k0, key)] = (key, protocol, sourcePort, destinationPort, Now);

    internal (byte Protocol, ushort SourcePort, ushort DestinationPort)? Find(ulong k0, FragmentKey key) =>
        rows.TryGetValue(Row(k0, key), out var row) && row.Key == key && Now - row.Seen < Age ? (row.Protocol, row.Source, row.Destination) : null;

    internal static int Row(ulong k0, FragmentKey key) => (int)(FlowHash.Words(k0, key.Source.Item1, key.Source.Item2, key.Destination.Item1, key.Destination.Item2, key.Id | ((ulong)key.Kind << 32)) >> (64 - Bits));
}
