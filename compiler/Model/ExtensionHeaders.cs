using System.Buffers.Binary;

namespace Weir.Compiler.Model;

/// <summary>How far a walk along IPv6 extension headers (RFC 8200, section 4) came.</summary>
internal enum WalkEnd
{
    /// <summary>At a header that is not followed: an upper-layer protocol or one we do not know.</summary>
    Protocol,

    /// <summary>At a routing header that still has somewhere to go.</summary>
    UnfinishedRoute,
    TooMany,
    Truncated,
    Fragment,
}

/// <param name="Protocol">Number of the header at <paramref name="At"/>.</param>
/// <param name="At">Offset from the fixed header's first byte.</param>
/// <param name="Count">Extension headers stepped over.</param>
internal readonly record struct ExtensionHeaders(WalkEnd End, byte Protocol, int At, int Count)
{
    private const int Limit = 8;
    private const int Unit = 8;

    /// <summary>Steps over hop-by-hop and destination options, routing and fragment headers.</summary>
    /// <param name="packet">An IPv6 packet from its fixed header on, ending where headers may not lie any more.</param>
    /// <param name="readable">How many of its bytes lie in the first buffer.</param>
    /// <param name="firstFragments">Whether a first fragment's header is stepped over too, or only an atomic one's (RFC 6946).</param>
    public static ExtensionHeaders Walk(ReadOnlySpan<byte> packet, int readable, bool firstFragments)
    {
        byte header = packet[6];
        int at = InternetHeader.Ipv6Length;
        for (int count = 0; ; count++)
        {
            if (header is not (0 or 60 or 43 or 44))
            {
                return new ExtensionHeaders(WalkEnd.Protocol, header, at, count);
            }

            if (count == Limit)
            {
                return new ExtensionHeaders(WalkEnd.TooMany, header, at, count);
            }

            bool begins = at + Unit <= Math.Min(packet.Length, readable);
            int length = header == 44 || !begins ? Unit : (packet[at + 1] + 1) * Unit;
            if (!begins || at + length > packet.Length)
            {
                return new ExtensionHeaders(WalkEnd.Truncated, header, at, count);
            }

            if (header == 43 && packet[at + 3] != 0)
            {
                return new ExtensionHeaders(WalkEnd.UnfinishedRoute, header, at, count);
            }

            if (header == 44 && IsCut(BinaryPrimitives.ReadUInt16BigEndian(packet[(at + 2)..]), firstFragments))
            {
                return new ExtensionHeaders(WalkEnd.Fragment, header, at, count);
            }

            header = packet[at];
            at += length;
        }
    }

    private static bool IsCut(ushort offsetAndMore, bool firstFragments)
    {
        bool later = (offsetAndMore & 0xfff8) != 0;
        bool more = (offsetAndMore & 1) != 0;
        return later || (more && !firstFragments);
    }
}
