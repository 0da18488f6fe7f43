using System.Globalization;

namespace Weir.Compiler.Captures;

/// <summary>Reads captures as tcpdump and Wireshark write them: pcap of either byte order and resolution, and pcapng.</summary>
public static class CaptureReader
{
    /// <summary>Longer packets and blocks than this are taken for damage: 16 MiB.</summary>
    internal const int Largest = 16 << 20;

    /// <summary>Packets as they come, one at a time in memory.</summary>
    /// <exception cref="CaptureException">It is no capture, its link type is not understood, or it ends amid a packet; raised where that shows.</exception>
    public static IEnumerable<CapturedPacket> Read(Stream stream)
    {
        byte[] magic = new byte[4];
        int found = stream.ReadAtLeast(magic, magic.Length, throwOnEndOfStream: false);
        return Convert.ToHexString(magic.AsSpan(0, found)) switch
        {
            "A1B2C3D4" or "A1B23C4D" => PcapReader.Read(stream, bigEndian: true),
            "D4C3B2A1" or "4D3CB2A1" => PcapReader.Read(stream, bigEndian: false),
            "0A0D0D0A" => PcapngReader.Read(stream),
            "" => throw new CaptureException("it is empty"),
            ['1', 'F', '8', 'B', ..] or ['2', '8', 'B', '5', '2', 'F', ..] => throw new CaptureException("it is compressed; unpack it first"),
            _ => throw new CaptureException("it is neither a pcap nor a pcapng file"),
        };
    }

    /// <summary>Whether the buffer could be filled; false at the very end of the stream.</summary>
    /// <exception cref="CaptureException">The stream ends amid it.</exception>
    internal static bool Fill(Stream stream, Span<byte> buffer, long packet)
    {
        int found = stream.ReadAtLeast(buffer, buffer.Length, throwOnEndOfStream: false);
        return found == buffer.Length || (found == 0 ? false : throw Ended(packet));
    }

    internal static CaptureException Ended(long packet) => new(packet == 0
        ? "it ends amid its header"
        : string.Create(CultureInfo.InvariantCulture, $"it ends amid packet {packet}"));

    internal static CaptureException Damaged(long packet, long length) => new(string.Create(CultureInfo.InvariantCulture, $"it is damaged: packet {packet} would have {length} bytes"));
}
