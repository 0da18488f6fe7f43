using System.Buffers.Binary;

namespace Weir.Compiler.Captures;

/// <summary>pcapng (draft-ietf-opsawg-pcapng): blocks of a type, a length, a body and the length again. Sections may differ in byte order, and every
/// section's interfaces have link types of their own.</summary>
internal static class PcapngReader
{
    private const uint Section = 0x0a0d0d0a;
    private const uint Interface = 1;
    private const uint OldPacket = 2;
    private const uint SimplePacket = 3;
    private const uint EnhancedPacket = 6;

    /// <summary>Type, length, and the length behind the body.</summary>
    private const int Around = 12;

    /// <param name="stream">Behind the first block's type.</param>
    public static IEnumerable<CapturedPacket> Read(Stream stream)
    {
        List<(int LinkType, uint Snap)> interfaces = [];
        bool bigEndian = false;
        long number = 0;
        byte[] word = new byte[4];
        for (uint type = Section; ; type = Word(word, 0, bigEndian))
        {
            if (type == Section || Word(word, 0, bigEndian: true) == Section)
            {
                type = Section;
                interfaces.Clear();
            }

            byte[] body = Body(stream, type, ref bigEndian, number + 1);
            switch (type)
            {
                case Interface:
                    Least(body, 8, number + 1);
                    interfaces.Add((Half(body, 0, bigEndian), Word(body, 4, bigEndian)));
                    break;
                case EnhancedPacket or OldPacket:
                    Least(body, 20, number + 1);
                    int from = type == EnhancedPacket ? (int)Word(body, 0, bigEndian) : Half(body, 0, bigEndian);
                    yield return Packet(++number, LinkType(interfaces, from), body.AsMemory(20), Word(body, 12, bigEndian), Word(body, 16, bigEndian));
                    break;
                case SimplePacket:
                    Least(body, 4, number + 1);
                    uint length = Word(body, 0, bigEndian);
                    int linkType = LinkType(interfaces, 0);
                    uint snap = interfaces[0].Snap;
                    yield return Packet(++number, linkType, body.AsMemory(4), snap == 0 ? length : Math.Min(length, snap), length);
                    break;
            }

            if (!CaptureReader.Fill(stream, word, number + 1))
            {
                yield break;
            }
        }
    }

    private static CapturedPacket Packet(long number, int linkType, ReadOnlyMemory<byte> data, uint captured, uint length) =>
        captured <= data.Length && length <= CaptureReader.Largest
            ? new CapturedPacket(number, linkType, data[..(int)captured], (int)Math.Max(length, captured))
            : throw CaptureReader.Damaged(number, Math.Max(captured, length));

    private static int LinkType(List<(int LinkType, uint Snap)> interfaces, int from)
    {
        if (from < 0 || from >= interfaces.Count)
        {
            throw new CaptureException("it is damaged: a packet is of an interface that was not described");
        }

        int linkType = interfaces[from].LinkType;
        return LinkTypes.IsKnown(linkType) ? linkType : throw new CaptureException(LinkTypes.Refusal(linkType));
    }

    /// <summary>The block's body. A section's first word says in which byte order the section is, its length included.</summary>
    private static byte[] Body(Stream stream, uint type, ref bool bigEndian, long packet)
    {
        byte[] start = new byte[type == Section ? 8 : 4];
        Must(stream, start, packet);
        if (type == Section)
        {
            bigEndian = BinaryPrimitives.ReadUInt32BigEndian(start.AsSpan(4)) switch
            {
                0x1a2b3c4d => true,
                0x4d3c2b1a => false,
                _ => throw new CaptureException("it is damaged: a section has no byte order"),
            };
        }

        uint length = Word(start, 0, bigEndian);
        if (length < Around + start.Length - 4 || length % 4 != 0 || length > CaptureReader.Largest)
        {
            throw CaptureReader.Damaged(packet, length);
        }

        byte[] body = new byte[length - Around - (start.Length - 4)];
        byte[] again = new byte[4];
        Must(stream, body, packet);
        Must(stream, again, packet);
        return Word(again, 0, bigEndian) == length ? body : throw CaptureReader.Damaged(packet, Word(again, 0, bigEndian));
    }

    private static void Must(Stream stream, byte[] buffer, long packet)
    {
        if (buffer.Length > 0 && !CaptureReader.Fill(stream, buffer, packet))
        {
            throw CaptureReader.Ended(packet);
        }
    }

    private static void Least(byte[] body, int length, long packet)
    {
        if (body.Length < length)
        {
            throw CaptureReader.Damaged(packet, body.Length);
        }
    }

    private static ushort Half(byte[] bytes, int at, bool bigEndian) =>
        bigEndian ? BinaryPrimitives.ReadUInt16BigEndian(bytes.AsSpan(at)) : BinaryPrimitives.ReadUInt16LittleEndian(bytes.AsSpan(at));

    private static uint Word(byte[] bytes, int at, bool bigEndian) =>
        bigEndian ? BinaryPrimitives.ReadUInt32BigEndian(bytes.AsSpan(at)) : BinaryPrimitives.ReadUInt32LittleEndian(bytes.AsSpan(at));
}
