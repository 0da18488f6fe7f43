using System.Buffers.Binary;

namespace Weir.Compiler.Model.ConnectionIds;

/// <summary>The TCP option that carries a server id: kind, length 6, four bytes.</summary>
internal static class TcpServerOption
{
    private const int HeaderLength = 20;
    private const int OptionLength = 6;
    private const byte Syn = 0x02;

    /// <summary>How many options are looked at.</summary>
    private const int Most = 16;

    /// <summary>The id that a segment carries, or null. A connection's first segments carry none.</summary>
    /// <param name="segment">At least 20 bytes.</param>
    /// <param name="readable">Bytes of it that can be read.</param>
    public static uint? Read(ReadOnlySpan<byte> segment, int readable, byte kind)
    {
        int end = (segment[12] >> 4) * 4;
        if ((segment[13] & Syn) != 0 || end > segment.Length || readable < HeaderLength)
        {
            return null;
        }

        int at = HeaderLength;
        for (int seen = 0; seen < Most && at < Math.Min(end, readable); seen++)
        {
            if (segment[at] == 0)
            {
                return null;
            }

            if (segment[at] == 1)
            {
                at++;
                continue;
            }

            if (at + 2 > Math.Min(end, readable) || segment[at + 1] < 2 || at + segment[at + 1] > end)
            {
                return null;
            }

            int length = segment[at + 1];
            if (segment[at] == kind && length == OptionLength)
            {
                return at + length <= readable ? BinaryPrimitives.ReadUInt32BigEndian(segment[(at + 2)..]) : null;
            }

            at += length;
        }

        return null;
    }
}
