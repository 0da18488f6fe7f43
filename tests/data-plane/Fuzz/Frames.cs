using Weir.Compiler.Model;
using Weir.Compiler.Planning;

namespace Weir.DataPlaneTests.Fuzz;

/// <summary>Draws Ethernet frames around packets.</summary>
internal static class Frames
{
    /// <summary>What BPF_PROG_RUN puts into the first buffer: a page less 256 bytes of headroom and 320 of <c>skb_shared_info</c>.
    /// Programs for a larger MTU are given the rest in others.</summary>
    public const int OneBuffer = 4096 - 256 - 320;

    /// <summary>Largest frame that a program for the site can be given.</summary>
    public static int Largest(SitePlan plan) => plan.Mtu > 3498 ? 9216 + 400 : OneBuffer;

    /// <summary>A frame with any Ethernet addresses, and now and then tags or padding.</summary>
    public static byte[] Around(Draw draw, IpFields ip, byte protocol, ReadOnlySpan<byte> transport)
    {
        ushort[] tags = draw.Weighted<ushort[]>((75, []), (10, [0x8100]), (3, [0x88a8]), (8, [0x88a8, 0x8100]), (2, [0x8100, 0x8100]), (1, [0x88a8, 0x8100, 0x8100]), (1, [0x9100]));
        byte[] frame = FrameWriter.Frame(ip, protocol, transport, tags);
        draw.Bytes(12).CopyTo(frame, 0);
        for (int tag = 0; tag < tags.Length; tag++)
        {
            draw.Bytes(2).CopyTo(frame, 14 + (4 * tag));
        }

        return draw.Chance(10) ? [.. frame, .. draw.Bytes(draw.Int(1, 46))] : frame;
    }
}
