using System.Collections.Immutable;
using Weir.Compiler.Model;

namespace Weir.DataPlaneTests.Fuzz;

/// <summary>Draws what may lie between an IP header and its transport.</summary>
internal static class HeaderChains
{
    private const byte Fragment = 44;
    private const byte Routing = 43;

    /// <summary>IPv4 options, any bytes, or IPv6 extension headers, most of them sound.</summary>
    /// <param name="longest">Longest extension header, in units of 8 bytes, at most 256.</param>
    public static IpFields Add(Draw draw, IpFields ip, int longest = 12) => ip.IsV6
        ? ip with { Extensions = Extensions(draw, draw.Weighted((5, draw.Int(1, 3)), (3, draw.Int(4, 8)), (1, 8), (2, 9), (1, 10)), longest) }
        : ip with { Options = [.. draw.Bytes(4 * draw.Weighted((5, draw.Int(1, 3)), (3, draw.Int(4, 9)), (2, 10)))] };

    private static ImmutableArray<Extension> Extensions(Draw draw, int count, int longest)
    {
        bool sound = draw.Chance(60);
        return [.. Enumerable.Range(0, count).Select(_ => Extension(draw, sound, longest))];
    }

    private static Extension Extension(Draw draw, bool sound, int longest)
    {
        byte type = draw.Weighted((30, (byte)60), (20, (byte)0), (20, Routing), (15, Fragment), (sound ? 0 : 5, draw.Pick<byte>(50, 51, 59, 135, 140)));
        if (type == Fragment)
        {
            // Offset, two reserved bits and M: atomic, first, later, anything.
            ushort field = sound ? draw.Pick<ushort>(0, 0, 2, 6) : draw.Weighted((4, (ushort)0), (2, (ushort)1), (2, (ushort)8), (1, (ushort)0xfff8), (2, draw.UShort()));
            return new Extension(type, [0, draw.Byte(), (byte)(field >> 8), (byte)field, .. draw.Bytes(4)]);
        }

        byte[] bytes = draw.Bytes(8 * draw.Weighted((60, 1), (30, 2), (10, draw.Int(3, 12)), (longest > 12 ? 20 : 0, draw.Int(12, longest))));
        bytes[1] = !sound && draw.Chance(15) ? draw.Byte() : (byte)((bytes.Length / 8) - 1);
        if (type == Routing)
        {
            bytes[3] = sound || draw.Chance(60) ? (byte)0 : draw.Byte();
        }

        return new Extension(type, [.. bytes]);
    }
}
