using System.Buffers.Binary;

namespace Weir.DataPlaneTests.Fuzz;

/// <summary>Damages frames.</summary>
internal static class Mutations
{
    public const int Shortest = 14;

    public static byte[] Damage(Draw draw, byte[] frame) => draw.Int(0, 5) switch
    {
        0 => Cut(draw, frame),
        1 or 2 => Flip(draw, frame),
        3 => HeaderLength(draw, frame),
        4 => PacketLength(draw, frame),
        _ => Cut(draw, Flip(draw, frame)),
    };

    private static byte[] Cut(Draw draw, byte[] frame) => frame[..draw.Int(Shortest, frame.Length)];

    /// <summary>Changes some bits, most of them in the headers.</summary>
    private static byte[] Flip(Draw draw, byte[] frame)
    {
        byte[] changed = [.. frame];
        for (int times = draw.Int(1, 4); times > 0; times--)
        {
            int at = draw.Int(draw.Chance(20) ? 0 : 12, Math.Min(frame.Length, draw.Chance(80) ? 80 : frame.Length) - 1);
            changed[at] = draw.Chance(50) ? draw.Byte() : (byte)(changed[at] ^ (1 << draw.Int(0, 7)));
        }

        return changed;
    }

    /// <summary>Any version and IPv4 header length.</summary>
    private static byte[] HeaderLength(Draw draw, byte[] frame)
    {
        byte[] changed = [.. frame];
        int at = IpAt(frame);
        if (at < changed.Length)
        {
            changed[at] = (byte)((draw.Chance(80) ? changed[at] & 0xf0 : draw.Byte() & 0xf0) | draw.Int(0, 15));
        }

        return changed;
    }

    /// <summary>An IP length that is a little or a lot wrong.</summary>
    private static byte[] PacketLength(Draw draw, byte[] frame)
    {
        byte[] changed = [.. frame];
        int ip = IpAt(frame);
        int at = ip + (ip < frame.Length && frame[ip] >> 4 == 6 ? 4 : 2);
        if (at + 2 <= changed.Length)
        {
            ushort length = BinaryPrimitives.ReadUInt16BigEndian(changed.AsSpan(at));
            BinaryPrimitives.WriteUInt16BigEndian(changed.AsSpan(at), draw.Chance(80) ? (ushort)(length + draw.Int(-30, 10)) : draw.UShort());
        }

        return changed;
    }

    private static int IpAt(byte[] frame)
    {
        int at = 12;
        while (at + 6 <= frame.Length && BinaryPrimitives.ReadUInt16BigEndian(frame.AsSpan(at)) is 0x8100 or 0x88a8)
        {
            at += 4;
        }

        return at + 2;
    }
}
