using System.Buffers.Binary;

namespace Weir.Testing.Captures;

/// <summary>Writes captures byte by byte as their specifications say.</summary>
public static class CaptureWriter
{
    /// <param name="snap">Bytes of a packet that are kept.</param>
    public static byte[] Pcap(bool bigEndian, uint magic, int linkType, int snap, params ReadOnlySpan<byte[]> packets)
    {
        List<byte> file = [.. Words(bigEndian, magic), .. Halves(bigEndian, 2, 4), .. Words(bigEndian, 0, 0, (uint)snap, (uint)linkType)];
        foreach (byte[] packet in packets)
        {
            int kept = Math.Min(snap, packet.Length);
            file.AddRange([.. Words(bigEndian, 1, 2, (uint)kept, (uint)packet.Length), .. packet.AsSpan(0, kept)]);
        }

        return [.. file];
    }

    /// <summary>One section with one interface; packets are enhanced and simple blocks in turn, with an unknown block between.</summary>
    public static byte[] Pcapng(bool bigEndian, int linkType, params ReadOnlySpan<byte[]> packets)
    {
        List<byte> file =
        [
            .. Block(bigEndian, 0x0a0d0d0a, [.. Words(bigEndian, 0x1a2b3c4d), .. Halves(bigEndian, 1, 0), .. Words(bigEndian, uint.MaxValue, uint.MaxValue)]),
            .. Block(bigEndian, 1, [.. Halves(bigEndian, (ushort)linkType, 0), .. Words(bigEndian, 0)]),
            .. Block(bigEndian, 0xbad, [1, 2, 3]),
        ];
        for (int i = 0; i < packets.Length; i++)
        {
            uint length = (uint)packets[i].Length;
            file.AddRange(i % 2 == 0
                ? Block(bigEndian, 6, [.. Words(bigEndian, 0, 7, 8, length, length), .. packets[i]])
                : Block(bigEndian, 3, [.. Words(bigEndian, length), .. packets[i]]));
        }

        return [.. file];
    }

    private static byte[] Block(bool bigEndian, uint type, byte[] body)
    {
        byte[] padded = [.. body, .. new byte[(4 - (body.Length % 4)) % 4]];
        uint length = (uint)padded.Length + 12;
        return [.. Words(bigEndian, type, length), .. padded, .. Words(bigEndian, length)];
    }

    private static byte[] Words(bool bigEndian, params ReadOnlySpan<uint> words)
    {
        byte[] bytes = new byte[words.Length * 4];
        for (int i = 0; i < words.Length; i++)
        {
            BinaryPrimitives.WriteUInt32LittleEndian(bytes.AsSpan(i * 4), bigEndian ? BinaryPrimitives.ReverseEndianness(words[i]) : words[i]);
        }

        return bytes;
    }

    private static byte[] Halves(bool bigEndian, ushort first, ushort second) =>
        bigEndian ? [(byte)(first >> 8), (byte)first, (byte)(second >> 8), (byte)second] : [(byte)first, (byte)(first >> 8), (byte)second, (byte)(second >> 8)];
}
