using System.Buffers.Binary;

namespace Weir.Compiler.Model.ConnectionIds;

/// <summary>Where a datagram's first QUIC packet has its destination connection id: RFC 8999, and the long header's types of RFC 9000 (section 17.2) and RFC 9369
/// (section 3.2).</summary>
internal static class QuicDatagram
{
    private const uint Version1 = 0x00000001;
    private const uint Version2 = 0x6b3343cf;

    /// <summary>First octet, version, length of the destination connection id.</summary>
    private const int LongHeader = 6;

    public enum Kind
    {
        /// <summary>Its connection id is not one that a server chose, or nobody can tell: the flow's hash decides.</summary>
        ByHash,

        /// <summary>It ends before its connection id does.</summary>
        Short,

        /// <summary>A server chose the connection id.</summary>
        Routable,
    }

    /// <param name="payload">UDP's.</param>
    /// <param name="id">The connection id; of a short header all that follows, since the header does not say how long the id is.</param>
    public static Kind Read(ReadOnlySpan<byte> payload, out ReadOnlySpan<byte> id)
    {
        id = default;
        if (payload.Length < 2)
        {
            return Kind.Short;
        }

        if ((payload[0] & 0x80) == 0)
        {
            id = payload[1..];
            return Kind.Routable;
        }

        if (payload.Length < LongHeader)
        {
            return Kind.Short;
        }

        int type = (payload[0] >> 4) & 3;
        bool handshake = BinaryPrimitives.ReadUInt32BigEndian(payload[1..]) switch
        {
            Version1 => type == 2,
            Version2 => type == 3,
            _ => false,
        };
        if (!handshake)
        {
            return Kind.ByHash;
        }

        int length = payload[LongHeader - 1];
        if (payload.Length - LongHeader < length)
        {
            return Kind.Short;
        }

        id = payload.Slice(LongHeader, length);
        return Kind.Routable;
    }
}
