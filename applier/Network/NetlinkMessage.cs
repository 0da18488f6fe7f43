using System.Runtime.InteropServices;
using System.Text;

namespace Weir.Applier.Network;

/// <summary>A request to rtnetlink (RFC 3549, include/uapi/linux/netlink.h and rtnetlink.h): header, the
/// type's fixed part, attributes padded to four bytes.</summary>
internal sealed class NetlinkMessage
{
    internal const int HeaderBytes = 16;
    internal const ushort FlagRequest = 1;
    internal const ushort FlagAck = 4;
    internal const ushort FlagExclusive = 0x200;
    internal const ushort FlagCreate = 0x400;

    private readonly List<byte> _bytes = [];

    internal NetlinkMessage(ushort type, ushort flags, ReadOnlySpan<byte> fixedPart)
    {
        Span<byte> header = stackalloc byte[HeaderBytes];
        header.Clear();
        MemoryMarshal.Write(header[4..], type);
        MemoryMarshal.Write(header[6..], (ushort)(flags | FlagRequest));
        _bytes.AddRange(header);
        _bytes.AddRange(fixedPart);
    }

    internal NetlinkMessage Add(ushort type, ReadOnlySpan<byte> value)
    {
        int start = Open(type);
        _bytes.AddRange(value);
        Close(start);
        return this;
    }

    internal NetlinkMessage Add(ushort type, string value) => Add(type, Encoding.UTF8.GetBytes(value + '\0'));

    /// <summary>An attribute that holds others, or a fixed part and others.</summary>
    internal NetlinkMessage Nest(ushort type, Action<NetlinkMessage> inside, ReadOnlySpan<byte> fixedPart = default)
    {
        int start = Open(type);
        _bytes.AddRange(fixedPart);
        inside(this);
        Close(start);
        return this;
    }

    internal byte[] ToArray(uint sequence)
    {
        byte[] message = [.. _bytes];
        MemoryMarshal.Write(message, message.Length);
        MemoryMarshal.Write(message.AsSpan(8), sequence);
        return message;
    }

    /// <summary>The attributes behind a fixed part, as (type, value).</summary>
    internal static IEnumerable<(ushort Type, byte[] Value)> Attributes(byte[] payload, int fixedBytes)
    {
        const ushort TypeMask = 0x3fff; // without NLA_F_NESTED and NLA_F_NET_BYTEORDER
        for (int at = fixedBytes; at + 4 <= payload.Length;)
        {
            int length = BitConverter.ToUInt16(payload, at);
            if (length < 4 || at + length > payload.Length)
            {
                yield break;
            }

            yield return ((ushort)(BitConverter.ToUInt16(payload, at + 2) & TypeMask), payload[(at + 4)..(at + length)]);
            at += (length + 3) & ~3;
        }
    }

    private int Open(ushort type)
    {
        int start = _bytes.Count;
        Span<byte> header = stackalloc byte[4];
        MemoryMarshal.Write(header, (ushort)0);
        MemoryMarshal.Write(header[2..], type);
        _bytes.AddRange(header);
        return start;
    }

    private void Close(int start)
    {
        MemoryMarshal.Write(CollectionsMarshal.AsSpan(_bytes)[start..], (ushort)(_bytes.Count - start));
        while (_bytes.Count % 4 != 0)
        {
            _bytes.Add(0);
        }
    }
}
