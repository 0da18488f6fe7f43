using System.Buffers.Binary;

namespace Weir.Compiler.Captures;

/// <summary>pcap (draft-ietf-opsawg-pcap): a header of 24 bytes, then records of 16 bytes and a packet.</summary>
internal static class PcapReader
{
    private const int RestOfHeader = 20;
    private const int RecordHeader = 16;
    private const int LinkTypeBits = 0x0fffffff;

    /// <param name="stream">Behind the magic number.</param>
    public static IEnumerable<CapturedPacket> Read(Stream stream, bool bigEndian)
    {
        byte[] header = new byte[RestOfHeader];
        if (!CaptureReader.Fill(stream, header, 0))
        {
            throw CaptureReader.Ended(0);
        }

        int linkType = (int)Word(header, 16, bigEndian) & LinkTypeBits;
        if (!LinkTypes.IsKnown(linkType))
        {
            throw new CaptureException(LinkTypes.Refusal(linkType));
        }

        byte[] record = new byte[RecordHeader];
        for (long number = 1; CaptureReader.Fill(stream, record, number); number++)
        {
            uint captured = Word(record, 8, bigEndian);
            uint length = Word(record, 12, bigEndian);
            if (captured > CaptureReader.Largest || length > CaptureReader.Largest)
            {
                throw CaptureReader.Damaged(number, Math.Max(captured, length));
            }

            byte[] bytes = new byte[captured];
            if (captured > 0 && !CaptureReader.Fill(stream, bytes, number))
            {
                throw CaptureReader.Ended(number);
            }

            yield return new CapturedPacket(number, linkType, bytes, (int)Math.Max(length, captured));
        }
    }

    private static uint Word(byte[] bytes, int at, bool bigEndian) =>
        bigEndian ? BinaryPrimitives.ReadUInt32BigEndian(bytes.AsSpan(at)) : BinaryPrimitives.ReadUInt32LittleEndian(bytes.AsSpan(at));
}
